using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Output;

/// <summary>
/// Lines in, translations out, in order and as soon as they are finished, in memory that does not grow with the input.
/// </summary>
internal sealed class StreamedTranslation(
    Translator translator,
    TranslationWriter writer,
    Func<string, long, TranslationRequest> read,
    TextWriter error
)
{
    private long _number;

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
            var before = _number;
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
        List<TranslationRequest> requests = [.. lines.Select((line, i) => read(line, _number + i))];
        foreach (var (request, translation) in requests.Zip(translator.Translate(requests, progress, stop)))
        {
            _number++;
            writer.Write(_number, request.Text, translation);
            if (translation.Problem is not null)
            {
                error.WriteLine($"clinic: line {_number}: {VisibleText.OnTerminal(translation.Problem)}");
            }
        }
    }

    private sealed class Ahead(IProgress<WorkDone>? whole, long before) : IProgress<(int Done, int Total)>
    {
        public void Report((int Done, int Total) value) => whole?.Report(new WorkDone(before + value.Done));
    }
}
