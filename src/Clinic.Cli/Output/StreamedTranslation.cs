using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Output;

/// <summary>
/// Lines in, translations out, in order and as soon as they are finished, in memory that does not grow with the input.
/// </summary>
/// <param name="translator">Translates.</param>
/// <param name="writer">Gets the translations.</param>
/// <param name="read">Turns a line and the number of lines before it into a request.</param>
/// <param name="error">Gets what could not be translated.</param>
/// <param name="linesBefore">Lines of the input before the first that is translated.</param>
/// <param name="where">What follows the number of a line in messages.</param>
internal sealed class StreamedTranslation(
    Translator translator,
    TranslationWriter writer,
    Func<string, long, TranslationRequest> read,
    TextWriter error,
    long linesBefore = 0,
    string where = ""
)
{
    private long _done;

    private long Number => linesBefore + _done;

    /// <summary>Translates all lines; some of them are read ahead and batched by length.</summary>
    /// <exception cref="OperationCanceledException">
    /// The token was canceled; what was translated before is written.
    /// </exception>
    public void Translate(
        IEnumerable<string> lines,
        int ahead,
        TextWriter output,
        IProgress<WorkDone>? progress,
        CancellationToken stop
    )
    {
        foreach (var chunk in ReadAhead.Chunks(lines, ahead, stop))
        {
            var before = _done;
            Translate(chunk, new Ahead(progress, before), stop);
            output.Flush();
        }

        writer.End();
    }

    /// <summary>Translates each line before reading the next.</summary>
    /// <exception cref="OperationCanceledException">
    /// The token was canceled; what was translated before is written.
    /// </exception>
    public void TranslateEach(IEnumerable<string> lines, TextWriter output, CancellationToken stop)
    {
        foreach (var line in lines)
        {
            Translate([line], null, stop);
            output.Flush();
        }

        writer.End();
    }

    /// <summary>Translates some lines and reports those that had a problem.</summary>
    private void Translate(
        IReadOnlyList<string> lines,
        IProgress<(int Done, int Total)>? progress,
        CancellationToken stop
    )
    {
        List<TranslationRequest> requests = [.. lines.Select((line, i) => read(line, Number + i))];
        foreach (var (request, translation) in requests.Zip(translator.Translate(requests, progress, stop)))
        {
            _done++;
            writer.Write(Number, request.Text, translation);
            if (translation.Problem is not null)
            {
                error.WriteLine($"clinic: line {Number}{where}: {VisibleText.OnTerminal(translation.Problem)}");
            }
        }
    }

    private sealed class Ahead(IProgress<WorkDone>? whole, long before) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => whole?.Report(new WorkDone(before + value.Done));
    }
}
