using System.Collections.Frozen;

namespace TransformerClinic.Interop.Pickle;

/// <summary>
/// The names that checkpoints of PyTorch and fairseq call to describe their data. Nothing is called here, known or
/// not: the list is for telling the user what a file that calls something else is up to.
/// </summary>
internal static class KnownCalls
{
    /// <summary>The modules whose objects are described by their fields.</summary>
    private static readonly string[] Modules = ["fairseq", "omegaconf"];

    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "__builtin__.bytearray",
        "__builtin__.complex",
        "__builtin__.frozenset",
        "__builtin__.list",
        "__builtin__.object",
        "__builtin__.set",
        "_codecs.encode",
        "argparse.Namespace",
        "builtins.bytearray",
        "builtins.complex",
        "builtins.frozenset",
        "builtins.list",
        "builtins.object",
        "builtins.set",
        "collections.Counter",
        "collections.OrderedDict",
        "collections.defaultdict",
        "collections.deque",
        "copy_reg._reconstructor",
        "copyreg._reconstructor",
        "datetime.timedelta",
        "numpy._core.multiarray._reconstruct",
        "numpy._core.multiarray.scalar",
        "numpy.core.multiarray._reconstruct",
        "numpy.core.multiarray.scalar",
        "numpy.dtype",
        "numpy.ndarray",
        "pathlib.PosixPath",
        "pathlib.PurePosixPath",
        "pathlib.WindowsPath",
        "torch.Size",
        "torch._utils._rebuild_parameter",
        "torch._utils._rebuild_tensor",
        "torch._utils._rebuild_tensor_v2",
        "torch.device",
        "torch.serialization._get_layout"
    );

    /// <summary>Whether a checkpoint has a reason to call a name.</summary>
    public static bool Has(PickleName name) =>
        Names.Contains(name.Full)
        || Modules.Any(module =>
            name.Module == module || name.Module.StartsWith(module + ".", StringComparison.Ordinal)
        );
}
