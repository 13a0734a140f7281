using System.Net.Http.Headers;

namespace TransformerClinic.Web.Tests;

/// <summary>Forms with a document in them.</summary>
internal static class DocumentForms
{
    /// <summary>A request that sends a document and other fields.</summary>
    public static HttpRequestMessage Of(
        string address,
        string name,
        byte[] content,
        params (string Name, string Value)[] fields
    )
    {
        var form = new MultipartFormDataContent();
        var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        form.Add(file, "file", name);
        foreach (var field in fields)
        {
            form.Add(new StringContent(field.Value), field.Name);
        }

        // Who is refused does not have to send the document first.
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = form };
        request.Headers.ExpectContinue = true;
        return request;
    }

    /// <summary>Asks until an answer is as wanted.</summary>
    public static async Task<Answer> UntilAsync(Func<Task<Answer>> ask, Func<Answer, bool> isWanted)
    {
        while (true)
        {
            var answer = await ask();
            if (isWanted(answer))
            {
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }
}
