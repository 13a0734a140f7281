using TransformerClinic.Cli.Output;
using TransformerClinic.Common;
using TransformerClinic.Documents;
using TransformerClinic.Documents.Formats;
using TransformerClinic.Files;
using TransformerClinic.Text;

namespace TransformerClinic.Cli.Documents;

/// <summary>
/// Translates the document that the command line names, from file or standard input to file or standard output. The
/// result is written as a whole or not at all, and never over the input.
/// </summary>
/// <param name="format">The document's format.</param>
/// <param name="input">The document; null for standard input.</param>
/// <param name="output">Where the translation goes; null for standard output.</param>
internal sealed class DocumentTranslation(IDocumentFormat format, string? input, string? output)
{
    /// <summary>Checks what can be checked before a model is loaded.</summary>
    /// <exception cref="UserErrorException">The output cannot be written, or it is the input.</exception>
    public void Check()
    {
        if (output is null)
        {
            if (!Console.IsOutputRedirected && format.Extensions.Contains(".docx"))
            {
                throw new UserErrorException(
                    "A Word document cannot be shown on a terminal: name the file to write with --output."
                );
            }

            return;
        }

        OutputFile.Check(output);
        if (input is not null && File.Exists(input) && LinkTarget.Of(input) == LinkTarget.Of(output))
        {
            throw new UserErrorException(
                $"--output {output}: this is the input, which is never replaced. Name another file."
            );
        }
    }

    /// <summary>Translates the document.</summary>
    /// <param name="options">How it is translated.</param>
    /// <param name="translator">Translates its segments.</param>
    /// <param name="error">Gets what the user should know.</param>
    /// <param name="stop">Stops it.</param>
    /// <exception cref="UserErrorException">The document cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled; nothing is written.</exception>
    public void Run(DocumentOptions options, ISegmentTranslator translator, TextWriter error, CancellationToken stop)
    {
        var documents = new DocumentTranslator(translator);
        var document = Read(documents, options, stop);
        using var translated = new MemoryStream();
        var summary = SpectreConsole
            .OnStandardError()
            .Work(
                "translating",
                "segments",
                document.Segments.Count,
                progress =>
                    documents
                        .TranslateAsync(document, translated, new CountProgress(progress), stop)
                        .GetAwaiter()
                        .GetResult()
            );
        Write(translated, stop);
        foreach (var note in summary.Notes)
        {
            error.WriteLine($"clinic: {VisibleText.OnTerminal(note)}");
        }
    }

    private IReadDocument Read(DocumentTranslator documents, DocumentOptions options, CancellationToken stop)
    {
        using var stream = input is null
            ? StandardStreams.OpenInput()
            : InputFile.Opened(
                input,
                path => Interruptible.Run(() => File.OpenRead(path), stop),
                $"a document ({format.Title}) is needed"
            );

        // Another program may be slow to write what is read here.
        return Interruptible.Run(() => documents.Read(format, stream, input ?? "standard input", options), stop);
    }

    private void Write(MemoryStream translated, CancellationToken stop)
    {
        if (output is not null)
        {
            OutputFile.Write(output, translated.WriteTo, stop);
            return;
        }

        using var stream = StandardStreams.OpenOutput(stop);
        translated.WriteTo(stream);
        stream.Flush();
    }
}
