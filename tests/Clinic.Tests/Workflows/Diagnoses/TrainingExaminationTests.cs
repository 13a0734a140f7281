using TransformerClinic.Diagnosis.Findings;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Runs;
using TransformerClinic.Workflows.Diagnoses;

namespace TransformerClinic.Tests.Workflows.Diagnoses;

[Trait("Speed", "Slow")]
public sealed class TrainingExaminationTests : IDisposable
{
    private readonly TinyRecipe _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void Examining_changes_no_bit_of_a_run_and_is_resumed_with_it()
    {
        var plain = _tiny.Run(_tiny.Recipe, "plain").Left;
        var examined = _tiny.Run(Examined, "examined").Left;

        var lines = examined.Where(line => line.Contains("\"kind\":\"diagnosis\"", StringComparison.Ordinal)).ToList();
        Assert.Equal(4, lines.Count);
        Assert.Null(RunFingerprint.Difference(plain, [.. examined.Where(line => !lines.Contains(line))]));
        Assert.Null(RunFingerprint.Difference(examined, _tiny.Run(Examined, "cut", 4, 8).Left));
    }

    [Fact]
    public void It_finds_what_a_diagnosis_of_the_checkpoint_finds_and_the_report_draws_it()
    {
        var said = _tiny.Run(Examined, "run").Said;
        var logged = RunLog
            .Read(_tiny.PathOf("run/log.jsonl"))
            .Single(line => line is { Kind: LogKind.Diagnosis, Step: 12 })
            .Diagnosis!;
        using var console = new StoppingConsole();
        var diagnosed = new DiagnosisRun(
            new DiagnosisOptions
            {
                Subject = _tiny.PathOf("run/checkpoints/update-000012"),
                Output = _tiny.PathOf("diagnosis"),
                Perturbations = 4,
            },
            console
        ).Run(console.Stop);

        Assert.Equal([StackDiagnosis.Of(diagnosed.Encoder), StackDiagnosis.Of(diagnosed.Decoder)], logged);
        Assert.Equal(StackName.Decoder, logged[1].Stack);
        Assert.Equal((logged[0].LeanLower!.Value + logged[0].LeanUpper!.Value) / 2, logged[0].Lean!.Value, 1e-12);
        Assert.Contains(said, line => line.StartsWith("update 12: encoder leans 0.", StringComparison.Ordinal));
        var page = File.ReadAllText(_tiny.PathOf("run/report.html"));
        Assert.All(
            [
                "diagnosed-lean",
                "diagnosed-output-change",
                "diagnosed-gradient",
                "diagnosed-similarity",
                "diagnosed-activity",
            ],
            id => Assert.Contains($"id=\"{id}\"", page, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void What_is_not_finite_is_null_and_has_no_scalar()
    {
        StackDiagnosis[] stacks = [new(StackName.Encoder, 0.5, 0.25, null, 1e-3, null, 0.75, null)];

        Assert.Equal(
            [
                ("diagnosis/encoder lean, lower half", 0.25),
                ("diagnosis/encoder output change", 1e-3),
                ("diagnosis/encoder lowest entropy", 0.75),
            ],
            DiagnosisReport.Scalars(stacks)
        );
    }

    private Recipe Examined => _tiny.Recipe with { Training = _tiny.Recipe.Training with { DiagnoseEvery = 3 } };
}
