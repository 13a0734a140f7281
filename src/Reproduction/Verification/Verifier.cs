using TransformerClinic.Common;
using TransformerClinic.Reproduction.Verification.Checks;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;
using static TorchSharp.torch;

namespace TransformerClinic.Reproduction.Verification;

/// <summary>
/// Runs our code on reference data and compares every recorded number, in float64 against its own tolerance and in
/// float32. Parts are divided among worker threads; the result is in the order of the folder's sections.
/// </summary>
public sealed class Verifier
{
    private readonly ReferenceFolder _folder;
    private readonly QuantityFilter _filter;
    private readonly IReadOnlyList<Part> _parts;

    /// <summary>A verification of a folder.</summary>
    /// <param name="folder">The reference data.</param>
    /// <param name="only">
    /// The start of the wanted quantities' names, in which <c>*</c> stands for anything; null for all.
    /// </param>
    /// <exception cref="UserErrorException">A manifest is damaged, or none of the wanted quantities exists.</exception>
    public Verifier(ReferenceFolder folder, string? only = null)
    {
        (_folder, _filter) = (folder, new QuantityFilter(only));
        var all = Sections.PartsOf(folder).ToList();
        _parts = [.. all.Where(part => _filter.MayWant(part.Name))];
        if (_parts.Count == 0)
        {
            var known = all.Select(part => string.Join('/', part.Name.Split('/').Take(2))).Distinct();
            throw new UserErrorException(
                $"No quantity's name starts with '{only}'. Names start with: {string.Join(", ", known)}."
            );
        }
    }

    /// <summary>The number of parts of the work.</summary>
    public int Parts => _parts.Count;

    /// <summary>Compares.</summary>
    /// <param name="workers">Threads that work in parallel; 0 for one per processor.</param>
    /// <param name="progress">Receives the number of finished parts, on whichever thread finished one.</param>
    /// <param name="cancellation">Checked before every part.</param>
    /// <exception cref="UserErrorException">A file that a manifest names is missing or damaged.</exception>
    public VerificationReport Run(
        int workers = 0,
        IProgress<(int Done, int Total)>? progress = null,
        CancellationToken cancellation = default
    )
    {
        var found = new IReadOnlyList<Quantity>[_parts.Count];
        var done = 0;
        using var threads = new WorkerThreads(workers == 0 ? Environment.ProcessorCount : workers);
        threads.ForEach(
            _parts.Count,
            (_, item) =>
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                found[item] = [.. _parts[item].Compare().Where(quantity => _filter.Wants(quantity.Name))];
                progress?.Report((Interlocked.Increment(ref done), _parts.Count));
            }
        );
        return VerificationReport.Of(_folder.Path, [.. found.SelectMany(quantities => quantities)]);
    }
}
