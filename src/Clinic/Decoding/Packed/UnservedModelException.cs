namespace TransformerClinic.Decoding.Packed;

/// <summary>A file of weights that is packed only with the module: it is loaded, or the loading says what is
/// wrong.</summary>
internal sealed class UnservedModelException : Exception;
