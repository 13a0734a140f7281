using Microsoft.AspNetCore.Http;

namespace TransformerClinic.Web.Api.OpusCat;

/// <summary>OPUS-CAT's clients read only the status of an error; the words are for whoever looks.</summary>
internal sealed class OpusCatShape : IErrorShape
{
    /// <inheritdoc/>
    public Task WriteAsync(HttpContext context, string message) => AdapterJson.WriteAsync(context, new { message });
}
