using System.Runtime.InteropServices;
using TransformerClinic.Common;
using TransformerClinic.Interop.Safetensors;
using static TorchSharp.torch;

namespace TransformerClinic.Training.Checkpoints;

/// <summary>
/// The mean of checkpoints' weights, as the reference takes it: a float32 sum in the order given (newest first), then
/// one division.
/// </summary>
internal static class CheckpointAverage
{
    /// <summary>Writes the mean of some weight files, which must hold the same float32 tensors.</summary>
    /// <exception cref="UserErrorException">There is none, or they are not of the same model.</exception>
    public static void Write(Stream stream, IReadOnlyList<string> paths) =>
        Open(
            paths,
            files => SafetensorsWriter.Write(stream, [.. files[0].Tensors.Select(info => Source(info, files))])
        );

    /// <summary>Gives a model the mean of some weight files.</summary>
    /// <exception cref="UserErrorException">There is none, or they are not of this model.</exception>
    internal static void PutInto(nn.Module model, IReadOnlyList<string> paths) =>
        Open(
            paths,
            files =>
            {
                ModuleWeights.Check(files[0], paths[0], model);
                using var noGradient = no_grad();
                foreach (var (name, parameter) in model.named_parameters())
                {
                    using var scope = NewDisposeScope();
                    parameter.copy_(tensor(Mean(name, files), parameter.shape));
                }
            }
        );

    private static void Open(IReadOnlyList<string> paths, Action<IReadOnlyList<SafetensorsFile>> work)
    {
        if (paths.Count == 0)
        {
            throw new UserErrorException("There is no checkpoint to average.");
        }

        var files = new List<SafetensorsFile>();
        try
        {
            files.AddRange(paths.Select(SafetensorsFile.Open));
            for (var i = 1; i < files.Count; i++)
            {
                CheckSame(files[0], files[i], paths[i]);
            }

            work(files);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    private static TensorSource Source(TensorInfo info, IReadOnlyList<SafetensorsFile> files) =>
        new(
            info.Name,
            info.Dtype,
            info.Shape,
            stream => stream.Write(MemoryMarshal.AsBytes(Mean(info.Name, files).AsSpan()))
        );

    private static float[] Mean(string name, IReadOnlyList<SafetensorsFile> files)
    {
        var sum = files[0].Read<float>(name);
        foreach (var file in files.Skip(1))
        {
            var addend = file.Read<float>(name);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += addend[i];
            }
        }

        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] /= files.Count;
        }

        return sum;
    }

    private static void CheckSame(SafetensorsFile first, SafetensorsFile other, string path)
    {
        static IEnumerable<string> Describe(SafetensorsFile file) =>
            file.Tensors.Select(tensor => $"{tensor.Name} {tensor.Dtype} [{string.Join(", ", tensor.Shape)}]");

        var different = Describe(first)
            .Except(Describe(other))
            .Concat(Describe(other).Except(Describe(first)))
            .FirstOrDefault();
        if (different is not null)
        {
            throw new UserErrorException(
                $"{path}: this checkpoint belongs to another model than the first one: {different} is in only one of "
                    + "them."
            );
        }
    }
}
