namespace TransformerClinic.Pages.Elements;

/// <summary>A key number.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The number with its unit.</param>
/// <param name="Note">What else to know of it; empty for nothing.</param>
public sealed record TileView(string Name, string Value, string Note = "");
