namespace TransformerClinic.Pages.Live;

/// <summary>The page that asks for a key.</summary>
/// <param name="Next">The page to go to afterwards.</param>
/// <param name="Problem">Why the key was not taken; empty before one is given.</param>
public sealed record SignInView(string Next, string Problem = "");
