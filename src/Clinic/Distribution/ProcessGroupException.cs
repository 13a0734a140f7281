namespace TransformerClinic.Distribution;

/// <summary>The processes of a group cannot continue together; the message names the process and its machine.</summary>
internal sealed class ProcessGroupException(string message, Exception? inner = null) : Exception(message, inner);
