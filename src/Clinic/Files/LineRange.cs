namespace TransformerClinic.Files;

/// <summary>The lines of a file that begin in a range of its bytes.</summary>
internal static class LineRange
{
    /// <summary>
    /// Where the first line begins that does not begin before a position; the file's length if there is none. So the
    /// lines that begin from <c>a</c> to before <c>b</c> are the bytes from <c>FirstFrom(a)</c> to before
    /// <c>FirstFrom(b)</c>, and ranges that follow each other have every line once.
    /// </summary>
    /// <param name="file">The file; its position changes.</param>
    /// <param name="position">From 0 to the file's length.</param>
    public static long FirstFrom(Stream file, long position)
    {
        if (position == 0)
        {
            return 0;
        }

        var buffer = new byte[1 << 16];
        var at = file.Position = position - 1; // A line that ends there leaves the next one beginning at the position.
        int read;
        while ((read = file.Read(buffer, 0, buffer.Length)) > 0)
        {
            if (Array.IndexOf(buffer, (byte)'\n', 0, read) is var end and >= 0)
            {
                return at + end + 1;
            }

            at += read;
        }

        return at;
    }
}
