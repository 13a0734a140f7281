using TransformerClinic.Decoding;
using TransformerClinic.Runs;

namespace TransformerClinic.Cli.Output;

/// <summary>Loaded models that translate lines as the command line says.</summary>
/// <param name="ensemble">The models; owned from now on.</param>
/// <param name="options">How is searched.</param>
/// <param name="rest">What else the translator is to know.</param>
/// <param name="columns">What is written of each translation.</param>
/// <param name="read">Turns a line and the number of lines before it into a request.</param>
internal sealed class LineTranslator(
    Ensemble ensemble,
    DecodingOptions options,
    TranslatorOptions rest,
    TranslationColumns columns,
    Func<string, long, TranslationRequest> read
) : IDisposable
{
    private readonly Translator _translator = new(ensemble.Searched, ensemble.Subwords, options, rest);

    /// <summary>Translates lines into a writer.</summary>
    /// <param name="output">Gets the translations.</param>
    /// <param name="linesBefore">Lines of the input before the first that is translated.</param>
    /// <param name="where">What follows the number of a line in messages.</param>
    public StreamedTranslation Into(TextWriter output, long linesBefore = 0, string where = "") =>
        new(
            _translator,
            new TranslationWriter(output, ensemble.Subwords, columns),
            read,
            Console.Error,
            linesBefore,
            where
        );

    /// <inheritdoc/>
    public void Dispose()
    {
        _translator.Dispose();
        ensemble.Dispose();
    }
}
