using System.Runtime.InteropServices;
using TransformerClinic.Common;

namespace TransformerClinic.Distribution;

/// <summary>
/// The constants of a binary interface of MPI. Handles are pointers in Open MPI and in the standard interface, and ints
/// in MPICH, whose callees read the low half of the register: as <c>nint</c> they fit all three.
/// </summary>
internal sealed record MpiAbi
{
    private const string StandardFile = "mpi_abi";

    /// <summary>The group of all processes.</summary>
    public required nint World { get; init; }

    /// <summary>The type of a byte.</summary>
    public required nint Byte { get; init; }

    /// <summary>The type of a float.</summary>
    public required nint Float { get; init; }

    /// <summary>The operation that adds.</summary>
    public required nint Sum { get; init; }

    /// <summary>The error handler that lets functions return their errors.</summary>
    public required nint ErrorsReturn { get; init; }

    /// <summary>In place of the address of what is sent.</summary>
    public required nint InPlace { get; init; }

    /// <summary>In place of the address of a status.</summary>
    public required nint StatusIgnore { get; init; }

    /// <summary>Only one thread calls the library.</summary>
    public required int ThreadFunneled { get; init; }

    /// <summary>MPICH since 2012, and all that promise its interface (libmpi.so.12).</summary>
    public static MpiAbi Mpich { get; } =
        new()
        {
            World = 0x44000000,
            Byte = 0x4c00010d,
            Float = 0x4c00040a,
            Sum = 0x58000003,
            ErrorsReturn = 0x54000001,
            InPlace = -1,
            StatusIgnore = 1,
            ThreadFunneled = 1,
        };

    /// <summary>The interface that MPI 5.0 standardizes.</summary>
    public static MpiAbi Standard { get; } =
        new()
        {
            World = 0x101,
            Byte = 0x247,
            Float = 0x210,
            Sum = 0x21,
            ErrorsReturn = 0x142,
            InPlace = 1,
            StatusIgnore = 0,
            ThreadFunneled = 1024,
        };

    /// <summary>The interface of a library.</summary>
    /// <param name="library">The library.</param>
    /// <param name="file">The name by which it was loaded.</param>
    /// <exception cref="UserErrorException">It calls itself the standard's, and knows no version of it.</exception>
    public static MpiAbi Of(nint library, string file)
    {
        if (file.Contains(StandardFile, StringComparison.Ordinal))
        {
            RequireStandard(library, file);
            return Standard;
        }

        return NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out var world)
            ? OpenMpi(library, world)
            : Mpich;
    }

    /// <summary>Open MPI, whose handles are addresses of objects that it exports.</summary>
    private static MpiAbi OpenMpi(nint library, nint world) =>
        new()
        {
            World = world,
            Byte = NativeLibrary.GetExport(library, "ompi_mpi_byte"),
            Float = NativeLibrary.GetExport(library, "ompi_mpi_float"),
            Sum = NativeLibrary.GetExport(library, "ompi_mpi_op_sum"),
            ErrorsReturn = NativeLibrary.GetExport(library, "ompi_mpi_errors_return"),
            InPlace = 1,
            StatusIgnore = 0,
            ThreadFunneled = 1,
        };

    private static unsafe void RequireStandard(nint library, string file)
    {
        var (major, minor) = (0, 0);
        if (
            !NativeLibrary.TryGetExport(library, "MPI_Abi_get_version", out var version)
            || ((delegate* unmanaged<int*, int*, int>)version)(&major, &minor) != 0
            || major != 1
        )
        {
            throw new UserErrorException(
                $"{file} is named like MPI's standard binary interface, but does not have its version 1. Name another "
                    + $"library in {MpiLibrary.Variable}."
            );
        }
    }
}
