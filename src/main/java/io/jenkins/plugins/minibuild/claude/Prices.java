package io.jenkins.plugins.minibuild.claude;

import java.util.Locale;

/**
 * What a run has cost so far, reckoned from the tokens that its messages tell of: the command tells the sum only at its end. US dollars
 * a million tokens, as of the command 2.1.197 and Anthropic's price list; a model that is not known counts as the dearest family. Reading
 * from the cache costs a tenth of input, writing to it a quarter more.
 */
final class Prices {
    private static final double MILLION = 1_000_000;

    private Prices() {}

    static double dollars(String model, StreamEvent.Usage usage) {
        String name = model.toLowerCase(Locale.ROOT);
        double input = name.contains("haiku") ? 1 : name.contains("sonnet") ? 3 : 5;
        double output = input * 5;
        return (usage.input() * input
                        + usage.cacheRead() * input * 0.1
                        + usage.cacheWrite() * input * 1.25
                        + usage.output() * output)
                / MILLION;
    }
}
