using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web.Api;

/// <summary>How the interfaces of other programs cut the texts that they are given; this is the one place.</summary>
internal static class AdapterSplit
{
    /// <summary>A text of any length.</summary>
    public const TextSplit Text = TextSplit.LineSentences;

    /// <summary>A text that its client has cut already.</summary>
    public const TextSplit Segment = TextSplit.Lines;
}
