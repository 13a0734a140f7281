using TransformerClinic.Bench.Training;
using TransformerClinic.Common;

namespace TransformerClinic.Tests.Benchmarks;

[Trait("Speed", "Slow")]
public class TrainingProcessTests
{
    [Fact]
    public void A_program_that_ends_instead_of_training_is_named()
    {
        using var folder = new TemporaryFolder();
        var program = folder.Write("bench.dll", "not a program");
        using var process = new TrainingProcess(folder.FullName, ["updates"]);

        var mistake = Assert.Throws<UserErrorException>(() =>
        {
            process.Run("fp32", 1); // may be written before the process ends
            process.Run("fp32", 1);
        });

        Assert.Equal($"{program} has ended; what it wrote says why.", mistake.Message);
    }
}
