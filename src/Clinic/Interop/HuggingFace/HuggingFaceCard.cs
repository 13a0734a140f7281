namespace TransformerClinic.Interop.HuggingFace;

/// <summary>The model card, <c>README.md</c> of a Hugging Face folder.</summary>
internal static class HuggingFaceCard
{
    /// <summary>The file's content.</summary>
    /// <param name="source">The source language's code.</param>
    /// <param name="target">The target language's.</param>
    /// <param name="class">The class of <c>transformers</c>.</param>
    public static string Text(string source, string target, HuggingFaceClass @class) =>
        $$"""
            ---
            language:
            - {{source}}
            - {{target}}
            pipeline_tag: translation
            library_name: transformers
            ---

            # Translation from {{source}} to {{target}}

            A Transformer trained with TransformerClinic. `certificate.json` says what it was compared with, and on what
            text.

            In Python:

            ```python
            from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

            tokenizer = AutoTokenizer.from_pretrained("this-folder")
            model = AutoModelForSeq2SeqLM.from_pretrained("this-folder")
            ids = model.generate(**tokenizer("...", return_tensors="pt"))
            print(tokenizer.decode(ids[0], skip_special_tokens=True))
            ```

            In JavaScript (greedy search):

            ```js
            import { env, pipeline } from '@huggingface/transformers';

            env.allowRemoteModels = false;
            const translate = await pipeline('translation', 'this-folder', { dtype: 'fp32' });
            console.log((await translate('...'))[0].translation_text);
            ```
            {{Warning(@class)}}
            """;

    private static string Warning(HuggingFaceClass @class) =>
        @class switch
        {
            HuggingFaceClass.Marian => """

                The positions are a weight of the file (`embed_positions`). `save_pretrained` of `transformers` leaves
                it out, and the class then computes others, without a word. After training on in Python save it, too:

                ```python
                model._keys_to_ignore_on_save = None
                model.save_pretrained("tuned-folder")
                ```

                """,
            HuggingFaceClass.Fsmt => """

                Translate with `transformers` up to 4.45. In later versions (4.48 was run, 4.53 and 5.16 were read)
                `generate` gives this class only the newest token, and the class takes it for the first of the
                sentence: wrong translations, without a word. Training is not affected.

                """,
            _ => "",
        };
}
