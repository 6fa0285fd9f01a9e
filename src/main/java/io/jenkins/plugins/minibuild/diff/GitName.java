package io.jenkins.plugins.minibuild.diff;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Names of files and ids of objects as git prints them. */
final class GitName {
    private static final String CONTROLS = "abtnvfr";
    /** SHA-1 or SHA-256. */
    private static final Pattern ID = Pattern.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?");

    private GitName() {}

    /** Whether it is the whole id of an object. */
    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /**
     * The name itself: git puts one that holds anything unusual in quotes, with C's escapes for its bytes.
     *
     * @return null if the quotes or escapes are broken
     */
    @CheckForNull
    static String unquoted(String name) {
        if (!name.startsWith("\"")) {
            return name;
        }
        if (name.length() < 2 || !name.endsWith("\"")) {
            return null;
        }
        byte[] bytes = ExactText.encode(name.substring(1, name.length() - 1));
        ByteArrayOutputStream plain = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '"') {
                return null;
            }
            if (bytes[i] != '\\') {
                plain.write(bytes[i]);
                continue;
            }
            if (++i == bytes.length) {
                return null;
            }
            int control = CONTROLS.indexOf(bytes[i]);
            if (control >= 0) {
                plain.write(7 + control);
            } else if (bytes[i] == '"' || bytes[i] == '\\') {
                plain.write(bytes[i]);
            } else {
                if (i + 2 >= bytes.length) {
                    return null;
                }
                String octal = new String(bytes, i, 3, StandardCharsets.ISO_8859_1);
                if (!octal.matches("[0-3][0-7]{2}")) {
                    return null;
                }
                plain.write(Integer.parseInt(octal, 8));
                i += 2;
            }
        }
        byte[] exact = plain.toByteArray();
        return ExactText.decode(exact, 0, exact.length);
    }
}
