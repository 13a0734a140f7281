using System.Globalization;
using TransformerClinic.Interop.Protobuf;

namespace TransformerClinic.Interop.TensorBoard;

/// <summary>
/// Scalars for TensorBoard: a file <c>events.out.tfevents.*</c> of records, each an <c>Event</c> message (tensorflow's
/// event.proto). Every writer starts a new file, and TensorBoard shows all files of a folder as one run, so a resumed
/// run continues where it stopped; a record that a killed run left incomplete is skipped.
/// </summary>
internal sealed class TensorBoardEvents : IDisposable
{
    private readonly FileStream _stream;
    private readonly TimeProvider _time;

    /// <summary>Starts a new file in a folder, which is created if needed.</summary>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="time">The clock of the events' wall time; the system clock by default.</param>
    public TensorBoardEvents(string folder, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        _stream = CreateNew(
            System.IO.Path.Combine(
                folder,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"events.out.tfevents.{_time.GetUtcNow().ToUnixTimeSeconds():D10}.clinic"
                )
            )
        );
        Write(new ProtobufMessage().Double(1, WallTime).Text(3, "brain.Event:2"));
    }

    /// <summary>The file's path.</summary>
    public string Path => _stream.Name;

    /// <summary>
    /// Adds values at a step and flushes them to the operating system, so that a reader sees them at once.
    /// </summary>
    /// <param name="step">The update that they belong to.</param>
    /// <param name="values">
    /// Tags such as <c>train/loss</c> with their values, stored as float32; not a number is allowed.
    /// </param>
    public void Add(long step, params ReadOnlySpan<(string Tag, double Value)> values)
    {
        var summary = new ProtobufMessage();
        foreach (var (tag, value) in values)
        {
            summary.Message(1, new ProtobufMessage().Text(1, tag).Float(2, (float)value));
        }

        Write(new ProtobufMessage().Double(1, WallTime).Integer(2, step).Message(5, summary));
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private double WallTime => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static FileStream CreateNew(string path)
    {
        // Two writers in one second get two files.
        var free = Enumerable
            .Range(0, int.MaxValue)
            .Select(count => $"{path}.{count}")
            .First(candidate => !File.Exists(candidate));
        return new FileStream(free, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    }

    private void Write(ProtobufMessage message)
    {
        TfRecord.Write(_stream, message.ToArray());
        _stream.Flush();
    }
}
