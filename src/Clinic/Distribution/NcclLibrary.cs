using System.Runtime.InteropServices;
using TransformerClinic.Common;

namespace TransformerClinic.Distribution;

/// <summary>
/// NCCL as a library that is found when the program runs: nothing is linked. Its operations are queued in the stream
/// that libtorch uses unless it is told otherwise, so each begins when the operators before it are done.
/// </summary>
internal sealed unsafe class NcclLibrary : INccl
{
    /// <summary>The variable that names the library, for sites where it is elsewhere.</summary>
    public const string Variable = "CLINIC_NCCL";

    private const int Success = 0;
    private const int InProgress = 7;
    private const int Float32 = 7;
    private const nint DefaultStream = 0;

    private readonly delegate* unmanaged<int*, int> _version;
    private readonly delegate* unmanaged<UniqueId*, int> _newId;
    private readonly delegate* unmanaged<nint*, int, UniqueId, int, int> _enter;
    private readonly delegate* unmanaged<nint, int> _abort;
    private readonly delegate* unmanaged<nint, int*, int> _asyncError;
    private readonly delegate* unmanaged<int> _begin;
    private readonly delegate* unmanaged<int> _end;
    private readonly delegate* unmanaged<nint, nuint, int, int, nint, nint, int> _send;
    private readonly delegate* unmanaged<nint, nuint, int, int, nint, nint, int> _receive;
    private readonly delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int> _broadcast;
    private readonly delegate* unmanaged<int, nint> _errorString;
    private readonly delegate* unmanaged<nint, nint> _lastError;
    private readonly Func<bool> _isDeviceDone;
    private nint _communicator;

    private NcclLibrary(nint library, string file, Func<bool> isDeviceDone)
    {
        nint Function(string name) => NativeLibrary.GetExport(library, name);
        File = file;
        _isDeviceDone = isDeviceDone;
        _version = (delegate* unmanaged<int*, int>)Function("ncclGetVersion");
        _newId = (delegate* unmanaged<UniqueId*, int>)Function("ncclGetUniqueId");
        _enter = (delegate* unmanaged<nint*, int, UniqueId, int, int>)Function("ncclCommInitRank");
        _abort = (delegate* unmanaged<nint, int>)Function("ncclCommAbort");
        _asyncError = (delegate* unmanaged<nint, int*, int>)Function("ncclCommGetAsyncError");
        _begin = (delegate* unmanaged<int>)Function("ncclGroupStart");
        _end = (delegate* unmanaged<int>)Function("ncclGroupEnd");
        _send = (delegate* unmanaged<nint, nuint, int, int, nint, nint, int>)Function("ncclSend");
        _receive = (delegate* unmanaged<nint, nuint, int, int, nint, nint, int>)Function("ncclRecv");
        _broadcast = (delegate* unmanaged<nint, nint, nuint, int, int, nint, nint, int>)Function("ncclBroadcast");
        _errorString = (delegate* unmanaged<int, nint>)Function("ncclGetErrorString");
        _lastError = NativeLibrary.TryGetExport(library, "ncclGetLastError", out var lastError)
            ? (delegate* unmanaged<nint, nint>)lastError // since NCCL 2.13
            : null;
    }

    /// <summary>The name by which it was loaded.</summary>
    public string File { get; }

    /// <inheritdoc/>
    public string Version
    {
        get
        {
            int version;
            Check(_version(&version), "say its version");
            return $"NCCL {VersionOf(version)}";
        }
    }

    /// <summary>Loads NCCL, and the driver that says when the device is done.</summary>
    /// <exception cref="UserErrorException">One of them is not there.</exception>
    /// <exception cref="ProcessGroupException">The device does not work.</exception>
    public static NcclLibrary Load() =>
        Load(Environment.GetEnvironmentVariable(Variable), () => CudaDriver.Load().IsDone);

    /// <summary>Loads NCCL.</summary>
    /// <param name="named">The file that the user names; null or empty for the usual ones.</param>
    /// <param name="device">Gives, once NCCL is there, what tells whether the device is done.</param>
    /// <exception cref="UserErrorException">It is not there, or the file is not NCCL.</exception>
    internal static NcclLibrary Load(string? named, Func<Func<bool>> device)
    {
        string[] files = string.IsNullOrEmpty(named) ? ["libnccl.so.2", "libtorch_cuda.so"] : [named];
        var found = false;
        foreach (var file in files)
        {
            if (!NativeLibrary.TryLoad(file, typeof(NcclLibrary).Assembly, null, out var library))
            {
                continue;
            }

            found = true;
            if (NativeLibrary.TryGetExport(library, "ncclGetUniqueId", out _))
            {
                return Bound(library, file, device());
            }
        }

        throw new UserErrorException(
            $"several processes with device: cuda need NCCL, but {string.Join(" or ", files)} "
                + $"{(found ? "does not have its functions" : "cannot be loaded")}. Install NVIDIA's libnccl2 on every "
                + $"machine, or name the file of the library in the variable {Variable}. One process needs no NCCL."
        );
    }

    /// <summary>A version as NCCL numbers it: 2.8 and older have three digits after the 2.</summary>
    internal static string VersionOf(int version) =>
        version < 10_000
            ? $"{version / 1000}.{version / 100 % 10}.{version % 100}"
            : $"{version / 10_000}.{version / 100 % 100}.{version % 100}";

    /// <inheritdoc/>
    public byte[] NewId()
    {
        var id = default(UniqueId);
        Check(_newId(&id), "make the name of a communicator");
        return new ReadOnlySpan<byte>(&id, sizeof(UniqueId)).ToArray();
    }

    /// <inheritdoc/>
    public void Enter(ReadOnlySpan<byte> id, int rank, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(id.Length, sizeof(UniqueId));
        var communicator = (nint)0;
        Check(_enter(&communicator, count, MemoryMarshal.Read<UniqueId>(id), rank), "enter the communicator");
        _communicator = communicator;
    }

    /// <inheritdoc/>
    public void Together(Action work)
    {
        Check(_begin(), "begin a group of operations");
        try
        {
            work();
        }
        finally
        {
            Check(_end(), "queue a group of operations");
        }
    }

    /// <inheritdoc/>
    public void Send(nint floats, long count, int to) =>
        Check(_send(floats, (nuint)count, Float32, to, _communicator, DefaultStream), "send");

    /// <inheritdoc/>
    public void Receive(nint floats, long count, int from) =>
        Check(_receive(floats, (nuint)count, Float32, from, _communicator, DefaultStream), "receive");

    /// <inheritdoc/>
    public void Broadcast(nint floats, long count, int from) =>
        Check(_broadcast(floats, floats, (nuint)count, Float32, from, _communicator, DefaultStream), "broadcast");

    /// <inheritdoc/>
    public bool IsDone()
    {
        int error;
        Check(_asyncError(_communicator, &error), "say whether it works");
        Check(error == InProgress ? Success : error, "exchange data");
        return _isDeviceDone();
    }

    /// <summary>Leaves the communicator without waiting for the others, who may be gone.</summary>
    public void Dispose()
    {
        if (_communicator != 0)
        {
            _ = _abort(_communicator);
            _communicator = 0;
        }
    }

    private static NcclLibrary Bound(nint library, string file, Func<bool> isDeviceDone)
    {
        try
        {
            return new NcclLibrary(library, file, isDeviceDone);
        }
        catch (EntryPointNotFoundException missing)
        {
            throw new UserErrorException(
                $"{file} is older than NCCL 2.7, which can send and receive ({missing.Message}). Name a newer one in "
                    + $"{Variable}.",
                missing
            );
        }
    }

    private void Check(int code, string what)
    {
        if (code == Success)
        {
            return;
        }

        var words = Marshal.PtrToStringUTF8(_errorString(code));
        var last = _lastError is null ? null : Marshal.PtrToStringUTF8(_lastError(_communicator));
        throw new ProcessGroupException(
            $"NCCL cannot {what}: {words}{(string.IsNullOrEmpty(last) ? "" : $" ({last.Trim()})")}"
        );
    }

    /// <summary>ncclUniqueId, which NCCL takes by value.</summary>
    private struct UniqueId
    {
        private fixed byte _bytes[128];
    }
}
