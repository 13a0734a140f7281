using System.Buffers.Binary;
using System.Text.Json.Nodes;
using TransformerClinic.Interop.Safetensors;
using TransformerClinic.Reproduction.Verification;
using TransformerClinic.Reproduction.Verification.Quantities;
using TransformerClinic.Reproduction.Verification.Reference;

namespace TransformerClinic.Reproduction.Tests.Verification;

/// <summary>A copy of some of the reference's recorded values, in which a test changes one.</summary>
internal sealed class Recorded : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Recorded(params string[] names) => GoldenFolder.CopyTo(_folder.FullName, names);

    public string Folder => _folder.FullName;

    public string PathOf(string name) => _folder.PathOf(name);

    /// <summary>Changes one element of a tensor.</summary>
    public void Change(string file, string tensor, int element, Func<double, double> change)
    {
        TensorInfo info;
        using (var safetensors = SafetensorsFile.Open(PathOf(file)))
        {
            info = safetensors.Info(tensor);
        }

        var bytes = File.ReadAllBytes(PathOf(file));
        var data = bytes.AsSpan(8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes) + (int)info.Begin);
        if (info.Dtype == "F64")
        {
            var at = data[(8 * element)..];
            BinaryPrimitives.WriteDoubleLittleEndian(at, change(BinaryPrimitives.ReadDoubleLittleEndian(at)));
        }
        else
        {
            var at = data[(4 * element)..];
            BinaryPrimitives.WriteSingleLittleEndian(at, (float)change(BinaryPrimitives.ReadSingleLittleEndian(at)));
        }

        File.WriteAllBytes(PathOf(file), bytes);
    }

    /// <summary>Changes something in a JSON file.</summary>
    public void Change(string file, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(File.ReadAllText(PathOf(file)))!;
        change(node);
        File.WriteAllText(PathOf(file), node.ToJsonString());
    }

    /// <summary>The verification of the copy.</summary>
    public VerificationReport Verify(string only) => new Verifier(new ReferenceFolder(Folder), only).Run();

    /// <summary>The quantities that fail; there must be others that hold.</summary>
    public IReadOnlyList<string> Failures(string only)
    {
        var report = Verify(only);
        Assert.True(report.Hold > 0, "nothing holds");
        return
        [
            .. report.Quantities.Where(quantity => quantity.Verdict == Verdict.Fails).Select(quantity => quantity.Name),
        ];
    }

    public void Dispose() => _folder.Dispose();
}
