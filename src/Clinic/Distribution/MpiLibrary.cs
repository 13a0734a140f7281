using System.Runtime.InteropServices;
using System.Text;
using TransformerClinic.Common;

namespace TransformerClinic.Distribution;

/// <summary>
/// A library of MPI and those of its functions that are needed. It is found when the program runs, by the launcher's
/// kind: nothing is linked, and who starts one process needs no MPI.
/// </summary>
internal sealed unsafe class MpiLibrary
{
    /// <summary>The variable that names the library, for sites where it is elsewhere.</summary>
    public const string Variable = "CLINIC_MPI";

    /// <summary>The variable's value for a process by itself, whatever a launcher's variables say.</summary>
    public const string None = "none";

    private const int MaxText = 8192; // MPI_MAX_LIBRARY_VERSION_STRING of MPICH; messages are shorter in both

    private readonly delegate* unmanaged<int*, byte***, int, int*, int> _initThread;
    private readonly delegate* unmanaged<int> _finalize;
    private readonly delegate* unmanaged<nint, int, int> _abort;
    private readonly delegate* unmanaged<nint, nint, int> _setErrorHandler;
    private readonly delegate* unmanaged<int, byte*, int*, int> _errorString;
    private readonly delegate* unmanaged<byte*, int*, int> _version;
    private readonly delegate* unmanaged<nint, int*, int> _rank;
    private readonly delegate* unmanaged<nint, int*, int> _count;
    private readonly delegate* unmanaged<nint*, int*, nint, int> _test;
    private readonly delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> _send;
    private readonly delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int> _receive;
    private readonly delegate* unmanaged<nint, nint*, int> _barrier;
    private readonly delegate* unmanaged<void*, int, nint, int, nint, nint*, int> _broadcast;
    private readonly delegate* unmanaged<void*, int, nint, void*, int, nint, nint, nint*, int> _gather;
    private readonly delegate* unmanaged<nint, int, nint, void*, int*, int*, nint, nint, nint*, int> _gatherStretches;
    private readonly delegate* unmanaged<void*, int*, int*, nint, void*, int*, int*, nint, nint, nint*, int> _allToAll;
    private readonly delegate* unmanaged<void*, void*, int, nint, nint, nint, int> _sum;

    private MpiLibrary(nint library, string file)
    {
        File = file;
        Abi = MpiAbi.Of(library, file);
        nint Function(string name) => NativeLibrary.GetExport(library, name);
        _initThread = (delegate* unmanaged<int*, byte***, int, int*, int>)Function("MPI_Init_thread");
        _finalize = (delegate* unmanaged<int>)Function("MPI_Finalize");
        _abort = (delegate* unmanaged<nint, int, int>)Function("MPI_Abort");
        _setErrorHandler = (delegate* unmanaged<nint, nint, int>)Function("MPI_Comm_set_errhandler");
        _errorString = (delegate* unmanaged<int, byte*, int*, int>)Function("MPI_Error_string");
        _version = (delegate* unmanaged<byte*, int*, int>)Function("MPI_Get_library_version");
        _rank = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_rank");
        _count = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_size");
        _test = (delegate* unmanaged<nint*, int*, nint, int>)Function("MPI_Test");
        _send = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Function("MPI_Isend");
        _receive = (delegate* unmanaged<void*, int, nint, int, int, nint, nint*, int>)Function("MPI_Irecv");
        _barrier = (delegate* unmanaged<nint, nint*, int>)Function("MPI_Ibarrier");
        _broadcast = (delegate* unmanaged<void*, int, nint, int, nint, nint*, int>)Function("MPI_Ibcast");
        _gather = (delegate* unmanaged<void*, int, nint, void*, int, nint, nint, nint*, int>)Function("MPI_Iallgather");
        _gatherStretches = (delegate* unmanaged<nint, int, nint, void*, int*, int*, nint, nint, nint*, int>)Function(
            "MPI_Iallgatherv"
        );
        _allToAll = (delegate* unmanaged<void*, int*, int*, nint, void*, int*, int*, nint, nint, nint*, int>)Function(
            "MPI_Ialltoallv"
        );
        _sum = (delegate* unmanaged<void*, void*, int, nint, nint, nint, int>)Function("MPI_Allreduce");
    }

    /// <summary>The name by which it was loaded.</summary>
    public string File { get; }

    /// <summary>Its constants.</summary>
    public MpiAbi Abi { get; }

    /// <summary>Loads the library that belongs to a launch, or the one that the user names.</summary>
    /// <exception cref="UserErrorException">It is not there, or is not a library of MPI.</exception>
    public static MpiLibrary Load(Launch launch)
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        var files = string.IsNullOrEmpty(named) ? Candidates(launch.RequireFamily()) : [named];
        foreach (var file in files)
        {
            if (NativeLibrary.TryLoad(file, out var library))
            {
                return Bound(library, file);
            }
        }

        throw new UserErrorException(
            $"{launch.Launcher} has started this process, but its library is not here: {string.Join(", ", files)} "
                + "cannot be loaded. Install it on every machine (Debian: libopenmpi3 or libmpich12), or name the file "
                + $"in the variable {Variable}; {Variable}={None} makes this a process by itself."
        );
    }

    /// <summary>The files that may be the library, the most likely first.</summary>
    internal static IReadOnlyList<string> Candidates(MpiFamily family)
    {
        string[] openMpi = OperatingSystem.IsMacOS() ? ["libmpi.40.dylib"] : ["libmpi.so.40"];
        string[] mpich = OperatingSystem.IsMacOS()
            ? ["libmpi_abi.0.dylib", "libmpi.12.dylib"]
            : ["libmpi_abi.so.0", "libmpich.so.12", "libmpi.so.12"];
        return family == MpiFamily.OpenMpi ? [.. openMpi, .. mpich] : [.. mpich, .. openMpi];
    }

    /// <summary>The name and version in the long text that a library says about itself.</summary>
    internal static string ShortVersion(string version)
    {
        var line = version.Split('\n')[0].Split(',')[0].Replace("Version:", " ", StringComparison.Ordinal);
        var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => word.Length > 1 && word[0] == 'v' && char.IsAsciiDigit(word[1]) ? word[1..] : word);
        return string.Join(' ', words);
    }

    /// <summary>Enters MPI; afterwards errors are returned and not fatal.</summary>
    public void Enter()
    {
        int provided;
        Check(_initThread(null, null, Abi.ThreadFunneled, &provided), "enter MPI");
        Check(_setErrorHandler(Abi.World, Abi.ErrorsReturn), "choose how errors are reported");
    }

    /// <summary>Leaves MPI.</summary>
    public void Leave() => Check(_finalize(), "leave MPI");

    /// <summary>Ends all processes.</summary>
    public void Abort(int exitCode) => _ = _abort(Abi.World, exitCode);

    /// <summary>This process's rank.</summary>
    public int Rank()
    {
        int rank;
        Check(_rank(Abi.World, &rank), "ask for the rank");
        return rank;
    }

    /// <summary>The number of processes.</summary>
    public int Count()
    {
        int count;
        Check(_count(Abi.World, &count), "ask for the number of processes");
        return count;
    }

    /// <summary>Name and version, such as <c>Open MPI 4.1.4</c>.</summary>
    public string Version()
    {
        var text = stackalloc byte[MaxText];
        int length;
        Check(_version(text, &length), "ask for the version");
        return ShortVersion(Encoding.UTF8.GetString(text, length).TrimEnd('\0'));
    }

    /// <summary>Whether an operation has ended; asking is also what moves it forward.</summary>
    public bool Test(nint* request)
    {
        int done;
        Check(_test(request, &done, Abi.StatusIgnore), "exchange data");
        return done != 0;
    }

    /// <summary>Begins to send bytes to a process.</summary>
    public void Send(void* bytes, int count, int to, int tag, nint* request) =>
        Check(_send(bytes, count, Abi.Byte, to, tag, Abi.World, request), "send");

    /// <summary>Begins to receive bytes from a process.</summary>
    public void Receive(void* bytes, int count, int from, int tag, nint* request) =>
        Check(_receive(bytes, count, Abi.Byte, from, tag, Abi.World, request), "receive");

    /// <summary>Begins to wait for all processes.</summary>
    public void Barrier(nint* request) => Check(_barrier(Abi.World, request), "wait for all processes");

    /// <summary>Begins to give all processes the bytes of one.</summary>
    public void Broadcast(void* bytes, int count, int from, nint* request) =>
        Check(_broadcast(bytes, count, Abi.Byte, from, Abi.World, request), "broadcast");

    /// <summary>Begins to give all processes as many bytes from each.</summary>
    public void Gather(void* mine, void* all, int count, nint* request) =>
        Check(_gather(mine, count, Abi.Byte, all, count, Abi.Byte, Abi.World, request), "gather");

    /// <summary>Begins to give all processes stretches of floats, each in its place.</summary>
    public void GatherInPlace(void* all, int* counts, int* places, nint* request) =>
        Check(
            _gatherStretches(Abi.InPlace, 0, Abi.Float, all, counts, places, Abi.Float, Abi.World, request),
            "gather in place"
        );

    /// <summary>Begins to send each process a stretch of floats.</summary>
    public void AllToAll(
        void* send,
        int* sendCounts,
        int* sendPlaces,
        void* receive,
        int* receiveCounts,
        int* receivePlaces,
        nint* request
    ) =>
        Check(
            _allToAll(
                send,
                sendCounts,
                sendPlaces,
                Abi.Float,
                receive,
                receiveCounts,
                receivePlaces,
                Abi.Float,
                Abi.World,
                request
            ),
            "exchange stretches"
        );

    /// <summary>
    /// Adds the floats of all processes in an order that the library chooses: for comparison in measurements only.
    /// </summary>
    public void Sum(void* mine, void* sum, int count) =>
        Check(_sum(mine, sum, count, Abi.Float, Abi.Sum, Abi.World), "add");

    private static MpiLibrary Bound(nint library, string file)
    {
        try
        {
            return new MpiLibrary(library, file);
        }
        catch (EntryPointNotFoundException missing)
        {
            throw new UserErrorException(
                $"{file} is not a library of MPI 3 or later ({missing.Message}). Name another one in {Variable}.",
                missing
            );
        }
    }

    private void Check(int code, string what)
    {
        if (code == 0)
        {
            return;
        }

        var text = stackalloc byte[MaxText];
        var length = 0;
        var words = _errorString(code, text, &length) == 0 ? Encoding.UTF8.GetString(text, length) : $"error {code}";
        throw new ProcessGroupException($"MPI cannot {what}: {words}");
    }
}
