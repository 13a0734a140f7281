namespace TransformerClinic.Model;

/// <summary>The names of a stack's parameters outside of its layers.</summary>
internal static class StackParts
{
    /// <summary>The scale of each channel of the input.</summary>
    public const string InputScale = "input_scale";

    /// <summary>The normalization of the input.</summary>
    public const string InputNorm = "input_norm";

    /// <summary>The normalization after the last layer.</summary>
    public const string FinalNorm = "norm";
}
