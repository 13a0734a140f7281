namespace TransformerClinic.Bench.Training;

/// <summary>The result of one configuration.</summary>
/// <param name="Configuration">The configuration's letter.</param>
/// <param name="Says">What it is.</param>
/// <param name="Batches">full, or text for batches of real text with their padding.</param>
/// <param name="Parameters">Parameters of the model.</param>
/// <param name="Workers">Worker threads.</param>
/// <param name="Rounds">Updates measured in each precision, after those that warm up.</param>
/// <param name="TargetTokens">Target tokens per update without padding, median.</param>
/// <param name="PaddingShare">Share of padding in the positions computed.</param>
/// <param name="Fp32">Products in float32.</param>
/// <param name="Bf16">Products in bfloat16.</param>
/// <param name="Bf16OverFp32">Tokens per second in bfloat16 over those in float32.</param>
/// <param name="PeakMemoryBytes">Largest resident memory of the whole process so far.</param>
internal sealed record TrainingReport(
    string Configuration,
    string Says,
    string Batches,
    long Parameters,
    int Workers,
    int Rounds,
    double TargetTokens,
    double PaddingShare,
    PrecisionReport Fp32,
    PrecisionReport Bf16,
    double Bf16OverFp32,
    long PeakMemoryBytes
);

/// <summary>The result for one precision; every figure is a median over the updates.</summary>
/// <param name="TokensPerSecond">Target tokens per second, without padding.</param>
/// <param name="SecondsPerUpdate">Seconds per update.</param>
/// <param name="Forward">Share of the forward passes in an update's time.</param>
/// <param name="Backward">Share of the backward passes.</param>
/// <param name="Optimizer">Share of summing the workers' gradients, their norm, and the optimizer.</param>
/// <param name="Data">Share of making the batch.</param>
/// <param name="Other">The rest: waiting for the slower worker, zeroing gradients, the guard.</param>
/// <param name="GigaFlops">
/// Matrix products' operations per second, by <see cref="FloatingPointOperations"/>, in 10^9.
/// </param>
/// <param name="PeakGigaFlops">The same for large products.</param>
/// <param name="Utilization">The one over the other, for each update with the peak measured next to it.</param>
internal sealed record PrecisionReport(
    double TokensPerSecond,
    double SecondsPerUpdate,
    double Forward,
    double Backward,
    double Optimizer,
    double Data,
    double Other,
    double GigaFlops,
    double PeakGigaFlops,
    double Utilization
);
