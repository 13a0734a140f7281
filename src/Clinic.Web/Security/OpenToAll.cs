namespace TransformerClinic.Web.Security;

/// <summary>Marks an endpoint that needs no key: health, and what a page needs to ask for one.</summary>
internal sealed class OpenToAll;
