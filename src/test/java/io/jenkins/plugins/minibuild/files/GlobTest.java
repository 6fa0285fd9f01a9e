package io.jenkins.plugins.minibuild.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.apache.tools.ant.types.selectors.SelectorUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "src/**, src/a/b.js, true",
        "src/**, src, true",
        "src/, src/a/b.js, true",
        "src/*, src/a/b.js, false",
        "**/*.json, a.json, true",
        "**/*.json, x/y/a.JSON, true",
        "a/**/b, a/b, true",
        "a/**/b, a/x/y/b, true",
        "a/**/b, a/xb, false",
        "a**b, a/b, false",
        "?.js, a.js, true",
        "?.js, ab.js, false",
        "a.js, axjs, false",
        "(a)[b], (a)[b], true",
        "**, any/thing, true",
    })
    void matchesPathsAsAntDoes(String pattern, String path, boolean expected) {
        assertThat(Glob.paths(pattern).matches(path)).isEqualTo(expected);
    }

    @Property(tries = 2000)
    void agreesWithAnt(
            @ForAll @Chars({'a', 'b', '/', '*', '?', '.'}) @StringLength(min = 1, max = 12) String pattern,
            @ForAll @Chars({'a', 'b', '/', '.'}) @CharRange(from = 'a', to = 'b') @StringLength(min = 1, max = 12)
                    String path) {
        String glob = pattern.replaceAll("/+", "/").replaceAll("^/|/$", "");
        String name = path.replaceAll("/+", "/").replaceAll("^/|/$", "");
        if (glob.isEmpty() || name.isEmpty()) {
            return;
        }
        boolean ant = SelectorUtils.matchPath(
                glob.replace('/', File.separatorChar), name.replace('/', File.separatorChar), true);
        assertThat(Glob.names(glob).matches(name)).as("%s on %s", glob, name).isEqualTo(ant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/**", "../x", "a/../b", "a\\b"})
    void refusesPathsThatNoRepositoryHas(String pattern) {
        assertThatThrownBy(() -> Glob.paths(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(pattern);
    }

    @Test
    void namesAreToldApartByCaseAndMayBeRegularExpressions() {
        Glob glob = Glob.names("main, release/*\nregex:v\\d+,\\d\nregex:a|b");
        assertThat(glob.matches("main")).isTrue();
        assertThat(glob.matches("Main")).isFalse();
        assertThat(glob.matches("release/1")).isTrue();
        assertThat(glob.matches("release/1/2")).isFalse();
        assertThat(glob.matches("v12,3")).isTrue();
        assertThat(glob.matches("b")).isTrue();
        assertThat(glob.matches("ab")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"regex:(", "regex:a)|(b", "regex:(?=a)", "a\\b", "a\u0001"})
    void refusesWhatIsNoPattern(String pattern) {
        assertThatThrownBy(() -> Glob.names(pattern)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refsWithASpaceAreTwoPatternsThatLackAComma() {
        assertThatThrownBy(() -> Glob.refs("main release/*")).hasMessageContaining("'main release/*' has a space");
        assertThat(Glob.refs("main, release/*").matches("release/1")).isTrue();
        assertThat(Glob.names("Li Lei").matches("Li Lei")).isTrue();
    }

    @Test
    void tooManyAndTooLongPatternsAreRefused() {
        assertThatThrownBy(() -> Glob.names("a,".repeat(201))).hasMessageContaining("200");
        assertThatThrownBy(() -> Glob.names("a".repeat(501))).hasMessageContaining("500");
    }

    @Test
    void anExactNameHasNoPatternInIt() {
        assertThat(Glob.exactly("a*").matches("a*")).isTrue();
        assertThat(Glob.exactly("a*").matches("ab")).isFalse();
        assertThat(Glob.exactly("regex:a").matches("regex:a")).isTrue();
    }

    @Test
    void aWildcardCrossesSlashes() {
        assertThat(Glob.wildcard("feature/*").matches("feature/a/b")).isTrue();
        assertThat(Glob.wildcard("*").matches("a/b\nc")).isTrue();
        assertThat(Glob.wildcard("a.b").matches("axb")).isFalse();
    }

    @Test
    void anEmptyListMatchesNothingAndAllowsAll() {
        assertThat(Glob.names(null).matches("a")).isFalse();
        assertThat(Glob.names(" ,\n").allows("a")).isTrue();
    }

    /** An engine that backtracks would take longer than the sun has left. */
    @Test
    @Timeout(60)
    void aHostilePatternTakesLinearTime() {
        assertThat(Glob.names("*a".repeat(200) + "b").matches("a".repeat(20_000)))
                .isFalse();
        assertThat(Glob.names("regex:(a+)+$b").matches("a".repeat(20_000))).isFalse();
        assertThat(Glob.wildcard("*a".repeat(200) + "b").matches("a".repeat(20_000)))
                .isFalse();
    }

    @Test
    void travelsToAnAgent() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(Glob.paths("src/**, *.MD"));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            Glob read = (Glob) in.readObject();
            assertThat(read.matches("readme.md")).isTrue();
            assertThat(read).hasToString("src/**, *.MD");
        }
    }

    /** Over all paths and patterns of few segments: no folder above a match is left out. */
    @Test
    void aWalkThatKeepsToItsFoldersFindsEveryMatch() {
        List<String> names = List.of("a", "b", "ab");
        List<String> parts = List.of("a", "*", "**", "?b");
        List<String> paths = new ArrayList<>(names);
        List<String> patterns = new ArrayList<>(parts);
        for (int depth = 0; depth < 2; depth++) {
            for (String path : List.copyOf(paths)) {
                names.forEach(name -> paths.add(path + "/" + name));
            }
            for (String pattern : List.copyOf(patterns)) {
                parts.forEach(part -> patterns.add(pattern + "/" + part));
            }
        }
        for (String pattern : patterns) {
            Glob glob = Glob.paths(pattern);
            Glob folders = glob.folders();
            for (String path : paths) {
                for (int end = path.indexOf('/'); end > 0 && glob.matches(path); end = path.indexOf('/', end + 1)) {
                    assertThat(folders.matches(path.substring(0, end)))
                            .as(pattern + " in " + path)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void foldersWithoutAMatchAreLeftOut() {
        assertThat(Glob.paths("package-lock.json").folders().matches("node_modules"))
                .isFalse();
        Glob folders = Glob.paths("app/*/dist/**").folders();
        assertThat(Stream.of("app", "app/one", "app/one/dist", "app/one/dist/deep"))
                .allMatch(folders::matches);
        assertThat(Stream.of("node_modules", "app/one/src", "dist")).noneMatch(folders::matches);
        assertThat(Glob.paths("x/".repeat(5_000) + "*.js").folders().matches("x/x"))
                .isTrue();
    }
}
