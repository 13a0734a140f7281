namespace TransformerClinic.Data.Parts;

/// <summary>What of a file a part's words were counted in.</summary>
/// <param name="Name">The file's name, without its folder, which may be another on each machine.</param>
/// <param name="Bytes">The size of the whole file.</param>
/// <param name="Begin">The first byte that was counted.</param>
/// <param name="End">The byte after the last one.</param>
/// <param name="EveryLine">
/// Whether all lines of these bytes were counted; otherwise each nth was, of the whole file: compressed files cannot be
/// entered in the middle.
/// </param>
/// <param name="Sha256">The hash of these bytes.</param>
internal sealed record CountedStretch(string Name, long Bytes, long Begin, long End, bool EveryLine, string Sha256);
