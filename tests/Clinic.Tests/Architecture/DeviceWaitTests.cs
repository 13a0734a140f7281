using Mono.Cecil;
using Mono.Cecil.Cil;
using TransformerClinic.Common;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// A program that asks a device for a number waits until the device has computed all that it was given. What an update
/// runs through does that in few places, each of which has a reason.
/// </summary>
public class DeviceWaitTests
{
    private static readonly string[] Waiting =
    [
        "item",
        "cpu",
        "data",
        "get_bytes",
        "ToBoolean",
        "ToInt32",
        "ToInt64",
        "ToSingle",
        "ToDouble",
        "nonzero",
        "masked_select",
        "Equals",
        "synchronize",
    ];

    private static readonly string[] Rooms =
    [
        "TransformerClinic.Model",
        "TransformerClinic.Training",
        "TransformerClinic.Training.Distributed",
        "TransformerClinic.Training.Loss",
        "TransformerClinic.Training.Optimizers",
        "TransformerClinic.Residuals",
        "TransformerClinic.Residuals.Remedies",
    ];

    // The processor only, or once at the end of an update, or outside of updates.
    private static readonly string[] Known =
    [
        "Dropout.NextMask: get_bytes", // on the processor
        "Embeddings.RuledOut: item", // on the processor
        "LabelSmoothedCrossEntropy.Words: get_bytes", // for the processor's kernel
        "Moments.Of: item", // profiling
        "ResidualScale.Values: cpu", // statistics, diagnosis, folding
        "ResidualScale.Values: data",
        "Transformer.PaddingMask: item", // where the caller does not know it
    ];

    [Fact]
    public void An_update_waits_for_its_device_only_where_it_is_known()
    {
        Type[] assemblies = [typeof(UserErrorException), typeof(Residuals.ResidualConnection)];
        var found = assemblies.SelectMany(type => Waits(type.Assembly.Location)).Distinct().Order().ToList();

        Assert.Equal(Known.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Waits(string path)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(path);
        return
        [
            .. assembly
                .MainModule.GetTypes()
                .Where(type => Rooms.Contains(Outermost(type).Namespace))
                .SelectMany(type => type.Methods.Where(method => method.HasBody))
                .SelectMany(method =>
                    method
                        .Body.Instructions.Where(instruction => instruction.OpCode.Code is Code.Call or Code.Callvirt)
                        .Select(instruction => (MethodReference)instruction.Operand)
                        .Where(called =>
                            Waiting.Contains(called.Name)
                            && called.DeclaringType.FullName.StartsWith("TorchSharp.", StringComparison.Ordinal)
                        )
                        .Select(called => $"{Outermost(method.DeclaringType).Name}.{NameOf(method)}: {called.Name}")
                ),
        ];
    }

    private static TypeDefinition Outermost(TypeDefinition type) =>
        type.DeclaringType is { } outer ? Outermost(outer) : type;

    /// <summary>The method's name, of a lambda or a local function that of the method around it.</summary>
    private static string NameOf(MethodDefinition method) =>
        method.Name.StartsWith('<') ? method.Name[1..method.Name.IndexOf('>', StringComparison.Ordinal)] : method.Name;
}
