package io.jenkins.plugins.minibuild.review;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.diff.DiffText;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private static final String DIFF = """
            diff --git a/src/app.js b/src/app.js
            --- a/src/app.js
            +++ b/src/app.js
            @@ -10,5 +10,6 @@ function f() {
               const user = find(id);
            -  if (!user) return null;
            -  check(user);
            +  const a  =   query("select " + id);
            +  const b = query("select " + id);
            +  return a;
             }
            \s
            diff --git a/gone.js b/gone.js
            deleted file mode 100644
            --- a/gone.js
            +++ /dev/null
            @@ -1,2 +0,0 @@
            -one();
            -two();
            """;

    private Places places;

    @BeforeEach
    void start() {
        places = places(DIFF);
    }

    private static Places places(String diff) {
        return new Places(DiffText.parse(diff));
    }

    private static Remark claim(String file, int from, int to, String snippet) {
        return new Remark(
                Severity.WARNING, Category.SECURITY, new Remark.Lines(file, from, to), snippet, "problem", "");
    }

    private Finding only() {
        assertThat(places.findings()).hasSize(1);
        return places.findings().get(0);
    }

    @Test
    void aQuotationThatIsThereIsKeptAsItStandsInTheChange() {
        places.take(claim("src/app.js", 11, 11, "const a = query("));

        assertThat(only().snippet()).isEqualTo("  const a  =   query(\"select \" + id);");
        assertThat(only().place()).isEqualTo("src/app.js:11");
        assertThat(places.dropped().total()).isZero();
    }

    @Test
    void filesAndLinesThatAreNotInTheChangeAreDropped() {
        places.take(claim("src/other.js", 11, 11, "const a"));
        places.take(claim("../src/app.js", 11, 11, "const a"));
        places.take(claim("src/app.js", 900, 901, "const a"));
        places.take(claim("src/app.js", 12, 11, "const a"));
        places.take(claim("src/app.js", 0, 0, "const a"));
        places.take(claim("src/app.js", 11, Integer.MAX_VALUE, "const a"));
        places.take(claim("gone.js", 1, 1, "one();"));

        assertThat(places.findings()).isEmpty();
        assertThat(places.dropped().place()).isEqualTo(7);
    }

    @Test
    void whatIsQuotedAndNotThereIsDropped() {
        places.take(claim("src/app.js", 11, 13, "eval(user)"));
        places.take(claim("src/app.js", 11, 13, ""));
        places.take(claim("src/app.js", 11, 13, " \n\t\n"));
        places.take(claim("src/app.js", 11, 13, "on"));

        assertThat(places.findings()).isEmpty();
        assertThat(places.dropped().snippet()).isEqualTo(4);
    }

    @Test
    void linesThatAreMiscountedAreSetRightWhereThereIsOnlyOnePlace() {
        places.take(claim("src/app.js", 10, 10, "return a;"));
        assertThat(only().fromLine()).isEqualTo(13);

        places.take(claim("src/app.js", 10, 10, "query(\"select \" + id);"));
        assertThat(places.dropped().snippet()).as("it is there twice").isEqualTo(1);
    }

    @Test
    void whatWasRemovedIsShownAtTheLineBesideIt() {
        places.take(claim("src/app.js", 10, 11, "check(user);"));
        assertThat(only().place()).isEqualTo("src/app.js:10");
        assertThat(only().snippet()).isEqualTo("  check(user);");
    }

    @Test
    void severalLinesAreQuotedFromOneVersion() {
        places.take(claim("src/app.js", 10, 13, "const b = query(\"select \" + id);\n  return a;\n"));
        assertThat(only().place()).isEqualTo("src/app.js:12-13");
        places.take(claim("src/app.js", 10, 13, "check(user);\nreturn a;"));
        assertThat(places.dropped().snippet()).isEqualTo(1);
    }

    @Test
    void theSameFindingCountsOnce() {
        places.take(claim("src/app.js", 11, 11, "const a = query("));
        places.take(claim("src/app.js", 11, 13, "const a"));
        assertThat(places.dropped().repeated()).isEqualTo(1);
        only();
    }

    @Test
    void theFingerprintOutlivesLinesThatCameBefore() {
        places.take(claim("src/app.js", 13, 13, "return a;"));
        Places later = places(
                DIFF.replace("-10,5 +10,6", "-20,5 +20,7").replace("+  return a;", "+  log();\n+    return  a;"));
        later.take(claim("src/app.js", 24, 24, "return a;"));
        assertThat(later.findings().get(0).fromLine()).isEqualTo(24);
        assertThat(later.findings().get(0).fingerprint())
                .isEqualTo(only().fingerprint())
                .hasSize(32);
    }

    @Test
    void anEarlierFindingIsCarriedWhereItStillStands() {
        places.take(claim("src/app.js", 13, 13, "return a;"));
        Places later = places(DIFF.replace("-10,5 +10,6", "-20,5 +20,6"));

        assertThat(later.carry(only())).isTrue();
        later.take(claim("src/app.js", 23, 23, "return a;"));

        assertThat(later.findings()).hasSize(1);
        assertThat(later.findings().get(0).carried()).isTrue();
        assertThat(later.findings().get(0).fromLine()).isEqualTo(23);
        assertThat(later.dropped().total()).isZero();
        assertThat(places(DIFF.replace("return a;", "return b;")).carry(only())).isFalse();
    }

    @Test
    void charactersThatNobodySeesAreNamed() {
        Places turned = places(DIFF.replace("return a;", "return a; \u202Eevil"));
        turned.take(claim("src/app.js", 13, 13, "return a; <U+202E>evil"));
        assertThat(turned.findings()).extracting(Finding::snippet).isEqualTo(List.of("  return a; <U+202E>evil"));
    }
}
