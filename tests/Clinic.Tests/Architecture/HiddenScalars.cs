using Mono.Cecil;
using Mono.Cecil.Cil;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// Finds, in compiled methods, numbers that become a native scalar for one call alone: a garbage collection that
/// another thread begins can finalise such a scalar while libtorch still reads it. Some are made in the method itself
/// (<c>x * 2</c>), some inside TorchSharp, as the 1 of <c>x + y</c>, which is <c>x + 1 * y</c>.
/// </summary>
internal sealed class HiddenScalars
{
    private const string Scalar = "TorchSharp.Scalar";
    private readonly HashSet<string> _makers;

    /// <param name="torchSharp">Path of TorchSharp's assembly.</param>
    public HiddenScalars(string torchSharp)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(torchSharp);
        var methods = Methods(assembly).Where(method => method.ReturnType.FullName != Scalar).ToList();
        _makers = [.. methods.Where(method => Unheld(method, []).Any()).Select(method => method.FullName)];
        int known;
        do
        {
            known = _makers.Count;
            _makers.UnionWith(
                methods
                    .Where(method => Calls(method).Any(call => _makers.Contains(call.FullName)))
                    .Select(method => method.FullName)
            );
        } while (_makers.Count > known);
    }

    /// <summary>
    /// Every call of an assembly that makes a scalar which nothing holds: the method, and what it calls.
    /// </summary>
    /// <param name="path">The assembly's.</param>
    public IReadOnlyList<string> In(string path)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(path);
        return
        [
            .. Methods(assembly)
                .SelectMany(method =>
                    Unheld(method, _makers)
                        .Select(called =>
                            $"{method.DeclaringType.Name}.{method.Name}: {called.Name}({Parameters(called)})"
                        )
                ),
        ];
    }

    private static string Parameters(MethodReference called) =>
        string.Join(", ", called.Parameters.Select(parameter => parameter.ParameterType.Name));

    private static IEnumerable<MethodDefinition> Methods(AssemblyDefinition assembly) =>
        assembly.MainModule.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody);

    private static IEnumerable<MethodReference> Calls(MethodDefinition method) =>
        method.Body.Instructions.Where(IsCall).Select(instruction => (MethodReference)instruction.Operand);

    private static IEnumerable<MethodReference> Unheld(MethodDefinition method, HashSet<string> makers) =>
        method
            .Body.Instructions.Where(IsCall)
            .Where(instruction =>
                (MakesScalar((MethodReference)instruction.Operand) && !IsStore(instruction.Next))
                || makers.Contains(((MethodReference)instruction.Operand).FullName)
            )
            .Select(instruction => (MethodReference)instruction.Operand);

    private static bool IsCall(Instruction instruction) =>
        instruction.OpCode.Code is Code.Call or Code.Callvirt or Code.Newobj;

    private static bool MakesScalar(MethodReference called) =>
        called is { Name: "op_Implicit" or "ToScalar" } && called.ReturnType.FullName == Scalar;

    private static bool IsStore(Instruction next) =>
        next.OpCode.Code
            is Code.Stloc
                or Code.Stloc_S
                or Code.Stloc_0
                or Code.Stloc_1
                or Code.Stloc_2
                or Code.Stloc_3
                or Code.Stfld
                or Code.Stsfld;
}
