namespace TransformerClinic.Reproduction.Verification.Checks;

/// <summary>The fields of a signature in sacreBLEU's notation, <c>name:value|name:value</c>.</summary>
internal static class SignatureFields
{
    public static Dictionary<string, string> Of(string signature) =>
        signature
            .Split('|')
            .Select(field => field.Split(':', 2))
            .Where(field => field.Length == 2)
            .ToDictionary(field => field[0], field => field[1], StringComparer.Ordinal);
}
