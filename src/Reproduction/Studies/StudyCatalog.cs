using TransformerClinic.Common;
using TransformerClinic.Reproduction.Claims;
using TransformerClinic.Reproduction.Studies.Remedies;

namespace TransformerClinic.Reproduction.Studies;

/// <summary>All studies, in the order of the document: the paper's figures and tables, then what followed it.</summary>
public static class StudyCatalog
{
    /// <summary>What each tests and how it judges.</summary>
    public static IReadOnlyList<StudyDescription> Descriptions => [.. All.Select(study => study.Description)];

    internal static IReadOnlyList<Study> All =>
        [
            OutputChangeStudy.ByRandomSigns,
            OutputChangeStudy.ByGradientSigns,
            new GradientNormStudy(),
            new DecoderOnlyStudy(),
            new HybridStudy(),
            new WarmUpStudy(),
            new UpdateBalanceStudy(),
            new SgdStudy(),
            new SixLayerDependencyStudy(),
            new EighteenLayerDependencyStudy(),
            new SixLayerStudy(),
            new RealTextStudy(),
            new RobustnessStudy(),
            new OmegaStudy(),
            new TrainedOmegaStudy(),
            new ProfilingBatchStudy(),
            new FoldingStudy(),
            new RezeroStudy(),
            new DepthMixStudy(),
            new DepthStudy(),
            new BatchStudy(),
            new DeepestStudy(),
            new FirstUpdatesStudy(),
            new SimilarityStudy(),
            new ShortcutStudy(),
            new AxisStudy(),
            new B2tStudy(),
            new UnigramStudy(),
        ];

    /// <summary>The studies with given names, in the order of the catalog; all of them if no name is given.</summary>
    /// <exception cref="UserErrorException">There is no study with one of the names.</exception>
    internal static IReadOnlyList<Study> Find(IReadOnlyList<string> ids)
    {
        var known = All.Select(study => study.Description.Id).ToList();
        if (ids.FirstOrDefault(id => !known.Contains(id)) is { } unknown)
        {
            var nearest = Spelling.Nearest(unknown, known) is { } name ? $" Did you mean {name}?" : "";
            throw new UserErrorException(
                $"There is no study '{unknown}'.{nearest} clinic reproduce list names them all."
            );
        }

        return ids.Count == 0 ? All : [.. All.Where(study => ids.Contains(study.Description.Id))];
    }
}
