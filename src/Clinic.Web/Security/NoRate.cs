namespace TransformerClinic.Web.Security;

/// <summary>Marks an endpoint whose requests are not counted: health and metrics, which machines ask for.</summary>
internal sealed class NoRate;
