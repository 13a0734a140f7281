using TransformerClinic.Data;

namespace TransformerClinic.Training.Distributed;

/// <summary>One of the batches of an update, with all that computing it again needs.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="DropoutKey">The key of each worker's dropout masks.</param>
internal sealed record UpdatePart(Batch Batch, int Epoch, Func<int, ulong> DropoutKey);
