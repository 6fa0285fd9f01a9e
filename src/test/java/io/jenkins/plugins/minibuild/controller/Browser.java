package io.jenkins.plugins.minibuild.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.process.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Headless Chromium, logged in to a controller. */
public final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    private final RealController controller;
    private final Path pictures;
    private final ChromeDriver driver;

    private Browser(RealController controller, Path pictures, ChromeDriver driver) {
        this.controller = controller;
        this.pictures = pictures;
        this.driver = driver;
    }

    public static boolean isInstalled() {
        return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    }

    /** @param language of the browser, {@code en} or {@code zh-CN} */
    public static Browser open(RealController controller, Path pictures, String language) throws IOException {
        return open(controller, pictures, language, RealController.USER, RealController.PASSWORD);
    }

    /** As somebody else than the administrator. */
    public static Browser open(RealController controller, Path pictures, String language, String user, String password)
            throws IOException {
        Path profile = Files.createTempDirectory(Files.createDirectories(pictures), "profile");
        LoggingPreferences logging = new LoggingPreferences();
        logging.enable(LogType.BROWSER, Level.SEVERE);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--lang=" + language,
                "--user-data-dir=" + profile);
        options.setExperimentalOption("prefs", Map.of("intl.accept_languages", language));
        options.setCapability("goog:loggingPrefs", logging);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .withEnvironment(Map.of("LANGUAGE", language.replace('-', '_')))
                .build();
        ChromeDriver driver = new ChromeDriver(service, options);
        driver.manage().window().setSize(new Dimension(1280, 1400));
        driver.manage().timeouts().pageLoadTimeout(Duration.ofSeconds(60));
        Browser browser = new Browser(controller, pictures, driver);
        browser.logIn(user, password);
        return browser;
    }

    private void logIn(String user, String password) {
        driver.get(controller.url() + "login");
        driver.findElement(By.name("j_username")).sendKeys(user);
        driver.findElement(By.name("j_password")).sendKeys(password);
        driver.findElement(By.name("Submit")).click();
        new WebDriverWait(driver, Duration.ofSeconds(20))
                .until(d -> !d.getCurrentUrl().contains("login"));
        scriptErrors();
    }

    /** Opens a page of the controller and waits until its scripts have run. */
    public Browser go(String path) {
        driver.get(controller.url() + path);
        new WebDriverWait(driver, Duration.ofSeconds(30))
                .until(d -> "complete".equals(((JavascriptExecutor) d).executeScript("return document.readyState")));
        return this;
    }

    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    WebElement one(String css) {
        return new WebDriverWait(driver, Duration.ofSeconds(20)).until(d -> d.findElement(By.cssSelector(css)));
    }

    /** Presses a key on the page. */
    void key(CharSequence key) {
        driver.findElement(By.tagName("body")).sendKeys(key);
    }

    public Object script(String javaScript, Object... arguments) {
        return driver.executeScript(javaScript, arguments);
    }

    /** Keeps a picture of the whole page for people to look at. */
    public Browser picture(String name) throws IOException {
        long height = ((Number) driver.executeScript("return Math.min(6000, document.documentElement.scrollHeight)"))
                .longValue();
        driver.manage().window().setSize(new Dimension(1280, (int) Math.max(900, height + 150)));
        Files.write(pictures.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        driver.manage().window().setSize(new Dimension(1280, 1400));
        return this;
    }

    /** The element that has the focus. */
    WebElement active() {
        return driver.switchTo().activeElement();
    }

    void resize(Dimension size) {
        driver.manage().window().setSize(size);
    }

    /** Keeps a picture of the window as it is. */
    void screenshot(String name) throws IOException {
        Files.write(pictures.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    /** Saves the form that is open; the page after that has to say why it was refused, in those words. */
    void assertRefused(String words) throws InterruptedException {
        Object form = script("return location.pathname");
        script("document.querySelector('button[name=\"Submit\"]').click()");
        Deadline deadline = Deadline.after(Duration.ofSeconds(20));
        while (script("return location.pathname").equals(form) && !deadline.expired()) {
            Thread.sleep(200);
        }
        assertThat(text()).contains(words).doesNotContain("Oops", "Failed to instantiate");
        assertThat(scriptErrors()).allMatch(each -> each.contains("400 (Bad Request)"));
    }

    /** Nothing of the page is beyond its right edge, where people would have to look for it. */
    void assertNothingIsCutOff() {
        assertThat(script("return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .as(() -> "pixels beyond the window; what is there: "
                        + script("const width = document.documentElement.clientWidth;"
                                + " return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)"
                                + ".map(e => e.tagName + '#' + e.id + '.' + e.className).slice(0, 10).join(' ')"))
                .isEqualTo(0L);
    }

    /** As {@link #assertNothingIsCutOff}, on a phone: its scroll bar takes no room, while Jenkins makes pages as wide as the window with it. */
    void assertNothingIsCutOffOnAPhone() {
        assertThat(script("return document.documentElement.scrollWidth <= window.innerWidth"))
                .as("the page is no wider than the window")
                .isEqualTo(true);
    }

    /** What scripts and resources have failed since the last call. */
    List<String> scriptErrors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
