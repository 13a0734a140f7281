using System.Text.Json;
using TorchSharp;
using TransformerClinic.Residuals.Remedies;
using static TorchSharp.torch;

namespace TransformerClinic.Residuals.Tests;

/// <summary>Stacks of remedies next to what the references' own layers computed: Golden/README.md.</summary>
public class GoldenRemedyTests
{
    private const double Tolerance = 1e-12;

    private static readonly JsonElement Recorded = JsonDocument
        .Parse(File.ReadAllText(RepositoryRoot.PathOf("tests", "Residuals.Tests", "Golden", "remedies.json")))
        .RootElement;

    public static TheoryData<string, string> Cases =>
        [
            .. All("cases")
                .Select(one => (one.GetProperty("variant").GetString()!, one.GetProperty("role").GetString()!)),
        ];

    public static TheoryData<string, string> Gains =>
        [
            .. All("gains")
                .Select(one => (one.GetProperty("initialization").GetString()!, one.GetProperty("role").GetString()!)),
        ];

    [Fact]
    public void Every_reference_that_runs_is_recorded() =>
        Assert.Equal(
            [
                "b2t",
                "complete-p",
                "depth-mup",
                "dlcl",
                "dlcl-post-ln",
                "hyper-connections",
                "layer-norm-scaling",
                "layer-scale",
                "mhc",
                "mix-ln",
                "output-norm",
                "peri-ln",
                "pre-ln",
                "residual",
                "sandwich-ln",
                "siamese-norm",
                "skip-init",
                "t-fixup",
            ],
            All("cases").Select(one => one.GetProperty("variant").GetString()).Distinct().Order()
        );

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_stack_computes_what_the_references_layers_do(string variant, string role)
    {
        using var scope = NewDisposeScope();
        var recorded = Find("cases", "variant", variant, role);
        var (norm, stack) = (
            NormOf(recorded.GetProperty("norm").GetString()!),
            ShapeOf(role, recorded.GetProperty("layers").GetInt32())
        );
        var connections = Connections(VariantOf(variant), stack, norm);
        Load(connections, recorded);
        var branches = recorded
            .GetProperty("connections")
            .EnumerateArray()
            .Select(one => Matrix(one, "branch"))
            .ToList();
        using var x = Matrix(recorded, "input").requires_grad_();

        var state = connections[0].BeginStack(x);
        foreach (var (connection, branch) in connections.Zip(branches))
        {
            state = connection.Connect(state, input => input.matmul(branch.t()).tanh());
        }

        var output = connections[^1].EndStack(state);
        (output * Matrix(recorded, "weight")).sum().backward();

        AssertClose(Matrix(recorded, "output"), output);
        AssertClose(Matrix(recorded, "gradient"), x.grad!);
    }

    [Theory]
    [MemberData(nameof(Gains))]
    public void Initial_weights_are_scaled_as_the_reference_scales_them(string initialization, string role)
    {
        var recorded = Find("gains", "initialization", initialization, role);
        var stack = ShapeOf(role, recorded.GetProperty("layers").GetInt32());
        var variant = VariantOf(initialization);
        var connections = Connections(variant, stack, NormKind.LayerNorm);

        // T-Fixup's gains are on top of fairseq's: its Q, K and V begin with the gain 2^(-1/2).
        var begun = variant == ResidualVariant.TFixup ? Math.Sqrt(0.5) : 1;
        foreach (var matrix in recorded.GetProperty("gains").EnumerateObject())
        {
            var gain = matrix.Value.GetDouble();
            var found = connections[Is(matrix, "encoder_attn") ? 1 : 0].BranchInitialization;
            Assert.Equal(1, found.OutputGain);
            var isRead = Is(matrix, "q_proj") || Is(matrix, "k_proj");
            var ours = isRead && found.SeparateProjections ? found.QueryKeyGain : found.Gain;
            Assert.Equal(isRead || Is(matrix, "v_proj") ? begun * gain : gain, ours, Tolerance);
        }
    }

    private static bool Is(JsonProperty matrix, string projection) =>
        matrix.Name.Contains(projection, StringComparison.Ordinal);

    private static void Load(List<ResidualConnection> connections, JsonElement recorded)
    {
        using var noGradient = no_grad();
        foreach (var (connection, one) in connections.Zip(recorded.GetProperty("connections").EnumerateArray()))
        {
            connection.to(ScalarType.Float64);
            var loaded = 0;
            foreach (var norm in one.GetProperty("norms").EnumerateObject())
            {
                foreach (var parameter in norm.Value.EnumerateObject())
                {
                    connection.get_parameter($"{norm.Name}.{parameter.Name}")!.copy_(tensor(Row(parameter.Value)));
                    loaded++;
                }
            }

            if (one.TryGetProperty("parameters", out var own))
            {
                foreach (var parameter in own.EnumerateObject())
                {
                    var ours = connection.get_parameter(parameter.Name)!;
                    ours.copy_(tensor(Row(parameter.Value)).view(ours.shape));
                    loaded++;
                }
            }

            Assert.Equal(connection.parameters().Count(), loaded); // none keeps a value that nobody recorded
        }
    }

    private static List<ResidualConnection> Connections(ResidualVariant variant, StackShape stack, NormKind norm)
    {
        var factory = new ResidualFactory(4, stack, new ResidualOptions { Variant = variant, Norm = norm });
        return [.. Enumerable.Range(0, stack.Layers).SelectMany(_ => factory.NextLayer(stack.SublayersOfLayer))];
    }

    private static StackShape ShapeOf(string role, int layers) =>
        role == "alone"
            ? StackShape.Alone(layers)
            : new StackShape(role == "encoder" ? StackRole.Encoder : StackRole.Decoder, layers, layers);

    private static NormKind NormOf(string key) =>
        Enum.GetValues<NormKind>().Single(norm => JsonNamingPolicy.KebabCaseLower.ConvertName(norm.ToString()) == key);

    private static ResidualVariant VariantOf(string key) =>
        Enum.GetValues<ResidualVariant>()
            .Single(variant => JsonNamingPolicy.KebabCaseLower.ConvertName(variant.ToString()) == key);

    private static IEnumerable<JsonElement> All(string list) => Recorded.GetProperty(list).EnumerateArray();

    private static JsonElement Find(string list, string key, string value, string role) =>
        All(list)
            .Single(one => one.GetProperty(key).GetString() == value && one.GetProperty("role").GetString() == role);

    private static Tensor Matrix(JsonElement one, string name)
    {
        double[][] rows = [.. one.GetProperty(name).EnumerateArray().Select(Row)];
        return tensor(rows.SelectMany(row => row).ToArray()).reshape(rows.Length, rows[0].Length);
    }

    private static double[] Row(JsonElement row) => [.. row.EnumerateArray().Select(value => value.GetDouble())];

    private static void AssertClose(Tensor expected, Tensor found) =>
        Assert.Equal(
            expected.data<double>().ToArray(),
            found.data<double>().ToArray(),
            (a, b) => Math.Abs(a - b) < Tolerance * Math.Max(1, Math.Abs(a))
        );
}
