namespace TransformerClinic.Data;

/// <summary>From the bytes of each of several files, which may be read at the same time, to those of all.</summary>
/// <param name="all">Receives now and then how many bytes of all files are read; null for nobody.</param>
internal sealed class ByteProgress(IProgress<long>? all)
{
    private long _bytes;

    /// <summary>Receives how many bytes of one more file are read.</summary>
    public IProgress<long> Next() => new OneFile(this);

    private void Add(long bytes)
    {
        _bytes += bytes;
        all?.Report(_bytes);
    }

    private sealed class OneFile(ByteProgress files) : IProgress<long>
    {
        private long _reported;

        public void Report(long value)
        {
            files.Add(value - _reported);
            _reported = value;
        }
    }
}
