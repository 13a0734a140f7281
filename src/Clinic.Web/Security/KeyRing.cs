namespace TransformerClinic.Web.Security;

/// <summary>The keys that a service asks for.</summary>
/// <param name="Keys">The keys; null asks for none.</param>
internal sealed record KeyRing(ApiKeys? Keys);
