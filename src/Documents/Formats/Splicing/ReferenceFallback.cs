using System.Globalization;
using System.Text;

namespace TransformerClinic.Documents.Formats.Splicing;

/// <summary>Writes characters that an encoding lacks as references of HTML and XML: <c>&amp;#8364;</c>.</summary>
internal sealed class ReferenceFallback : EncoderFallback
{
    /// <inheritdoc/>
    public override int MaxCharCount => "&#1114111;".Length;

    /// <inheritdoc/>
    public override EncoderFallbackBuffer CreateFallbackBuffer() => new ReferenceBuffer();

    private sealed class ReferenceBuffer : EncoderFallbackBuffer
    {
        private string _text = "";
        private int _at;

        public override int Remaining => _text.Length - _at;

        public override bool Fallback(char charUnknown, int index) => Begin(charUnknown);

        public override bool Fallback(char charUnknownHigh, char charUnknownLow, int index) =>
            Begin(char.ConvertToUtf32(charUnknownHigh, charUnknownLow));

        public override char GetNextChar() => _at < _text.Length ? _text[_at++] : '\0';

        public override bool MovePrevious()
        {
            _at = Math.Max(0, _at - 1);
            return _at > 0;
        }

        public override void Reset() => (_text, _at) = ("", 0);

        private bool Begin(int code)
        {
            var shown = char.IsSurrogate((char)Math.Min(code, char.MaxValue)) ? '\uFFFD' : code;
            (_text, _at) = (string.Create(CultureInfo.InvariantCulture, $"&#{shown};"), 0);
            return true;
        }
    }
}
