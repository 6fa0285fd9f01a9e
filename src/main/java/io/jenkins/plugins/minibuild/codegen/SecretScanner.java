package io.jenkins.plugins.minibuild.codegen;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.minibuild.process.Redactor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds what looks like a secret in a line that is about to be published: the secrets the build knows, in any of the encodings its log is masked
 * for, and those whose form the services publish. The forms are those of the services' own secret scanning; an assignment to something called
 * a password or key counts when its value looks random.
 *
 * @see <a href="https://docs.github.com/en/code-security/secret-scanning/introduction/supported-secret-scanning-patterns">GitHub's list</a>
 */
final class SecretScanner {
    /** Longer lines are looked at in parts of so many characters, so that the time grows with their length only. */
    private static final int PART = 20_000;
    /** Characters that two parts have in common; what is looked for is shorter. */
    private static final int OVERLAP = 500;

    /** Bits a character; random hexadecimal digits have nearly 4, words about 3. */
    private static final double RANDOM = 3.3;

    private static final Map<String, Pattern> FORMS = new LinkedHashMap<>();

    static {
        FORMS.put("private key", Pattern.compile("-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY(?: BLOCK)?-----"));
        FORMS.put("Anthropic key", Pattern.compile("\\bsk-ant-[A-Za-z0-9_-]{20,}"));
        FORMS.put("OpenAI key", Pattern.compile("\\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}"));
        FORMS.put("GitHub token", Pattern.compile("\\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,})"));
        FORMS.put("GitLab token", Pattern.compile("\\bgl(?:pat|dt|rt|ptt|cbt|soat)-[A-Za-z0-9_-]{20,}"));
        FORMS.put("AWS access key", Pattern.compile("\\b(?:AKIA|ASIA)[A-Z2-7]{16}\\b"));
        FORMS.put("Alibaba Cloud access key", Pattern.compile("\\bLTAI[A-Za-z0-9]{12,20}\\b"));
        FORMS.put("Tencent Cloud secret id", Pattern.compile("\\bAKID[A-Za-z0-9]{32}\\b"));
        FORMS.put("Google API key", Pattern.compile("\\bAIza[A-Za-z0-9_-]{35}\\b"));
        FORMS.put("Slack token", Pattern.compile("\\bxox[abeoprs]-[A-Za-z0-9-]{10,}"));
        FORMS.put("npm token", Pattern.compile("\\bnpm_[A-Za-z0-9]{36}\\b"));
        FORMS.put(
                "JSON Web Token",
                Pattern.compile("\\beyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}"));
        FORMS.put(
                "robot's address",
                Pattern.compile("qyapi\\.weixin\\.qq\\.com/cgi-bin/webhook/send\\?key=[0-9a-f-]{36}"
                        + "|oapi\\.dingtalk\\.com/robot/send\\?access_token=[0-9a-f]{64}"
                        + "|open\\.(?:feishu\\.cn|larksuite\\.com)/open-apis/bot/v2/hook/[0-9a-f-]{36}"));
        FORMS.put(
                "password in an address",
                Pattern.compile("\\b[a-z][a-z0-9+.-]{1,20}://[^\\s/:@'\"]{1,100}:([^\\s/:@'\"$<{]{6,200})@"));
    }

    private static final Pattern ASSIGNMENT = Pattern.compile(
            "(?i)(?:password|passwd|pwd|secret|token|api_?-?key|access_?-?key|private_?-?key)[\\w-]{0,30}['\"]?\\s{0,4}(?:=>|:=|=|:)\\s{0,4}"
                    + "['\"]?([A-Za-z0-9+/=_.~-]{16,200})");

    private final Redactor known;

    /** @param known the secrets of the build */
    SecretScanner(Redactor known) {
        this.known = known;
    }

    /**
     * The kind of secret in a line.
     *
     * @return what kind of secret it is; null for none. Never the secret itself
     */
    @CheckForNull
    String find(String given) {
        if (!known.redact(given).equals(given)) {
            return "secret of this build";
        }
        for (int from = 0; ; from += PART - OVERLAP) {
            int to = Math.min(given.length(), from + PART);
            String kind = findForm(given.substring(from, to));
            if (kind != null || to == given.length()) {
                return kind;
            }
        }
    }

    @CheckForNull
    private static String findForm(String line) {
        for (Map.Entry<String, Pattern> form : FORMS.entrySet()) {
            if (form.getValue().matcher(line).find()) {
                return form.getKey();
            }
        }
        Matcher assignment = ASSIGNMENT.matcher(line);
        while (assignment.find()) {
            if (looksRandom(assignment.group(1))) {
                return "value that looks like a password or key";
            }
        }
        return null;
    }

    /** Letters and digits, without a visible order; not a call, a path or a name of several words. */
    private static boolean looksRandom(String value) {
        boolean digits = value.chars().anyMatch(Character::isDigit);
        boolean letters = value.chars().anyMatch(Character::isLetter);
        return digits && letters && !value.contains("..") && entropy(value) >= RANDOM;
    }

    /** Shannon's, in bits a character. */
    private static double entropy(String text) {
        int[] counts = new int[128];
        text.chars().forEach(c -> counts[c]++);
        double bits = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / text.length();
                bits -= share * Math.log(share) / Math.log(2);
            }
        }
        return bits;
    }
}
