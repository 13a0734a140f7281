namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>One kind of comparison, over everything of that kind in a folder.</summary>
internal interface ICheck
{
    /// <summary>The comparisons that the folder has data for.</summary>
    IEnumerable<Part> Parts();
}
