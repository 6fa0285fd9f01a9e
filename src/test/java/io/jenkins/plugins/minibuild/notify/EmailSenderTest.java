package io.jenkins.plugins.minibuild.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Authenticator;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Through a real SMTP server. */
class EmailSenderTest {
    private static final byte[] PICTURE = {(byte) 0xff, (byte) 0xd8, 1, 2, 3};
    private static final Contact ADA = new Contact("ada", null, null, null, null, "ada@example.com");

    private GreenMail server;

    @BeforeEach
    void start() {
        server = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private Session session() {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.host", "127.0.0.1");
        properties.setProperty(
                "mail.smtp.port", Integer.toString(server.getSmtp().getPort()));
        return Session.getInstance(properties);
    }

    private static Message message(Contact... people) {
        Channel channel =
                Fixture.channel("mail", Markup.HTML, EmailSender.MOST_BYTES, List.of(), false, (m, p) -> null);
        return Fixture.message(
                channel,
                Fixture.notice(
                        Event.PREVIEW_READY,
                        "商店",
                        5,
                        "branch",
                        "<b>x</b>",
                        "commit",
                        "1a2b3c4d",
                        "commitMessage",
                        "购物车"),
                people);
    }

    @Test
    void bothPartsAndThePictureArrive() throws Exception {
        SendResult answer = new EmailSender(session(), "Jenkins <ci@example.com>", "team@example.com, boss@example.com")
                .send(message(ADA), PICTURE);
        assertThat(answer.isSent()).as(answer.text()).isTrue();
        assertThat(server.getReceivedMessages()).hasSize(3);
        MimeMessage mail = server.getReceivedMessages()[0];
        assertThat(mail.getSubject()).isEqualTo("[商店] #5 Preview is ready");
        assertThat(mail.getFrom()[0]).hasToString("Jenkins <ci@example.com>");
        MimeMultipart related = (MimeMultipart) mail.getContent();
        assertThat(related.getContentType()).contains("multipart/related");
        MimeMultipart both = (MimeMultipart) related.getBodyPart(0).getContent();
        String plain = (String) both.getBodyPart(0).getContent();
        String html = (String) both.getBodyPart(1).getContent();
        assertThat(plain).contains("Branch: <b>x</b>", "http://ci.example.com/job/");
        assertThat(html).contains("&lt;b&gt;x&lt;/b&gt;", "购物车", "cid:picture").doesNotContain("<b>x</b>");
        MimeBodyPart image = (MimeBodyPart) related.getBodyPart(1);
        assertThat(image.getContentID()).isEqualTo("<picture>");
        assertThat(image.getDisposition()).isEqualTo("inline");
        assertThat(image.getInputStream().readAllBytes()).isEqualTo(PICTURE);
    }

    @Test
    void nobodyToWriteToIsSaid() {
        SendResult answer = new EmailSender(session(), "ci@example.com", "").send(message(), new byte[0]);
        assertThat(answer.kind()).isEqualTo(SendResult.Kind.REFUSED);
        assertThat(answer.text()).contains("Add recipients");
    }

    @Test
    void aServerThatIsDownIsTriedAgain() {
        Session session = session();
        server.stop();
        SendResult answer = new EmailSender(session, "ci@example.com", "team@example.com").send(message(), new byte[0]);
        assertThat(answer.kind()).isEqualTo(SendResult.Kind.FAILED);
        assertThat(answer.text()).contains("Check the server and the port");
    }

    @Test
    void aWrongPasswordStopsAtOnceAndIsNotShown() {
        server.setUser("ci@example.com", "ci", "right-password");
        Properties properties = session().getProperties();
        properties.setProperty("mail.smtp.auth", "true");
        Session session = Session.getInstance(properties, new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication("ci", "wrong-password-9");
            }
        });
        SendResult answer = new EmailSender(session, "ci@example.com", "team@example.com").send(message(), new byte[0]);
        assertThat(answer.kind()).isEqualTo(SendResult.Kind.BROKEN);
        assertThat(answer.text()).contains("user and the password").doesNotContain("wrong-password-9");
    }

    @Test
    void aLineBreakInAJobCannotAddHeaders() throws Exception {
        Channel channel =
                Fixture.channel("mail", Markup.HTML, EmailSender.MOST_BYTES, List.of(), false, (m, p) -> null);
        Message message = Fixture.message(channel, Fixture.notice(Event.FAILED, "a\r\nBcc: evil@example.com", 5));
        SendResult answer = new EmailSender(session(), "ci@example.com", "team@example.com").send(message, new byte[0]);
        assertThat(answer.isSent()).as(answer.text()).isTrue();
        assertThat(server.getReceivedMessages()).hasSize(1);
        assertThat(server.getReceivedMessages()[0].getHeader("Bcc")).isNull();
    }
}
