namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>One kind of comparison, over everything of that kind that a folder holds.</summary>
internal interface ICheck
{
    /// <summary>The comparisons that the folder has data for.</summary>
    IEnumerable<Part> Parts();
}
