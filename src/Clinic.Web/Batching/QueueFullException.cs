namespace TransformerClinic.Web.Batching;

/// <summary>More waits than the service takes on; the client is told to come back.</summary>
internal sealed class QueueFullException()
    : Exception("The service has more to translate than it takes on. Try again in a moment.");
