using System.Runtime.InteropServices;
using TransformerClinic.Common;

namespace TransformerClinic.Distribution;

/// <summary>
/// NVIDIA's driver, asked whether the device is done: libtorch can only wait for it, and who waits for a process that
/// is gone would wait forever. The only device that this process sees is meant, and the stream that libtorch uses
/// unless it is told otherwise.
/// </summary>
internal sealed unsafe class CudaDriver
{
    private const string File = "libcuda.so.1";
    private const int Success = 0;
    private const int NotReady = 600; // CUDA_ERROR_NOT_READY

    private readonly delegate* unmanaged<nint, int> _setContext;
    private readonly delegate* unmanaged<nint, int> _queryStream;
    private readonly delegate* unmanaged<int, byte**, int> _errorString;
    private readonly nint _context;

    private CudaDriver(nint library)
    {
        nint Function(string name) => NativeLibrary.GetExport(library, name);
        _setContext = (delegate* unmanaged<nint, int>)Function("cuCtxSetCurrent");
        _queryStream = (delegate* unmanaged<nint, int>)Function("cuStreamQuery");
        _errorString = (delegate* unmanaged<int, byte**, int>)Function("cuGetErrorString");
        var (device, context) = (0, (nint)0);
        Check(((delegate* unmanaged<uint, int>)Function("cuInit"))(0));
        Check(((delegate* unmanaged<int*, int, int>)Function("cuDeviceGet"))(&device, 0));
        Check(((delegate* unmanaged<nint*, int, int>)Function("cuDevicePrimaryCtxRetain"))(&context, device));
        _context = context;
    }

    /// <summary>Loads the driver.</summary>
    /// <exception cref="UserErrorException">It is not there, or is too old.</exception>
    /// <exception cref="ProcessGroupException">It fails.</exception>
    public static CudaDriver Load()
    {
        try
        {
            return new CudaDriver(NativeLibrary.Load(File));
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new UserErrorException(
                $"several processes with device: cuda need NVIDIA's driver, but {File} cannot be used here "
                    + $"({missing.Message}).",
                missing
            );
        }
    }

    /// <summary>Whether the device has done all that it was given.</summary>
    /// <exception cref="ProcessGroupException">It failed.</exception>
    public bool IsDone()
    {
        Check(_setContext(_context)); // threads have their own
        var code = _queryStream(0);
        if (code == NotReady)
        {
            return false;
        }

        Check(code);
        return true;
    }

    private void Check(int code)
    {
        if (code == Success)
        {
            return;
        }

        byte* text = null;
        var words = _errorString(code, &text) == Success ? Marshal.PtrToStringUTF8((nint)text) : null;
        throw new ProcessGroupException($"the CUDA device does not work: {words ?? $"error {code}"}");
    }
}
