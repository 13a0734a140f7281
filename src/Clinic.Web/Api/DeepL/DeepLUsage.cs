namespace TransformerClinic.Web.Api.DeepL;

/// <summary>What was translated through DeepL's interface since the service began. There is no quota.</summary>
internal sealed class DeepLUsage
{
    /// <summary>What DeepL calls unlimited.</summary>
    public const long Unlimited = 1_000_000_000_000;

    private long _characters;

    /// <summary>Characters of source texts.</summary>
    public long Characters => Interlocked.Read(ref _characters);

    /// <summary>Counts characters.</summary>
    public void Add(long characters) => Interlocked.Add(ref _characters, characters);
}
