using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using TransformerClinic.Web.Api.Apertium;
using TransformerClinic.Web.Api.LibreTranslate;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Web.Api;

/// <summary>
/// <c>/translate</c>, where both LibreTranslate's and Apertium's clients ask. Only Apertium's name a <c>langpair</c>,
/// and only they use GET.
/// </summary>
internal sealed class TranslateAtRoot : IErrorShape, IKeyInBody
{
    private readonly LibreTranslateShape _libreTranslate = new();
    private readonly ApertiumShape _apertium = new();

    /// <summary>Adds it.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapMethods("/translate", ["GET", "POST"], AnswerAsync)
            .ExcludeFromDescription()
            .WithMetadata(new TranslateAtRoot());

    /// <inheritdoc/>
    public Task WriteAsync(HttpContext context, string message) =>
        (IsApertium(context) ? (IErrorShape)_apertium : _libreTranslate).WriteAsync(context, message);

    /// <inheritdoc/>
    public async Task<string?> KeyAsync(HttpContext context)
    {
        var fields = await RequestFields.ReadAsync(context);
        return fields.One(IsApertium(context) ? ApertiumApi.KeyField : LibreTranslateApi.KeyField);
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext context,
        LibreTranslateTranslation libreTranslate,
        ApertiumTranslation apertium
    )
    {
        var fields = await RequestFields.ReadAsync(context);
        return IsApertium(context)
            ? await apertium.AnswerAsync(fields, context.RequestAborted)
            : await libreTranslate.AnswerAsync(fields, context.RequestAborted);
    }

    private static bool IsApertium(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method)
        || context.Request.Query.ContainsKey(ApertiumApi.PairField)
        || RequestFields.ReadBefore(context)?.Has(ApertiumApi.PairField) == true;
}
