using System.Runtime.InteropServices;
using TransformerClinic.Common;
using TransformerClinic.Interop.Safetensors;

namespace TransformerClinic.Training.Checkpoints;

/// <summary>
/// The mean of checkpoints' weights, as the reference takes it: a float32 sum in the order given (newest first), then
/// one division.
/// </summary>
public static class CheckpointAverage
{
    /// <summary>Writes the mean of some weight files, which must hold the same float32 tensors.</summary>
    /// <exception cref="UserErrorException">There is none, or they are not of the same model.</exception>
    public static void Write(Stream stream, IReadOnlyList<string> paths)
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

            SafetensorsWriter.Write(stream, [.. files[0].Tensors.Select(info => Mean(info, files))]);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    private static TensorSource Mean(TensorInfo info, IReadOnlyList<SafetensorsFile> files) =>
        new(
            info.Name,
            info.Dtype,
            info.Shape,
            stream =>
            {
                var sum = files[0].Read<float>(info.Name);
                foreach (var file in files.Skip(1))
                {
                    var addend = file.Read<float>(info.Name);
                    for (var i = 0; i < sum.Length; i++)
                    {
                        sum[i] += addend[i];
                    }
                }

                for (var i = 0; i < sum.Length; i++)
                {
                    sum[i] /= files.Count;
                }

                stream.Write(MemoryMarshal.AsBytes(sum.AsSpan()));
            }
        );

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
                $"{path}: this checkpoint belongs to another model than the first one: {different} is in one of them "
                    + "alone."
            );
        }
    }
}
