package simulator

import (
	"bytes"
	"image"
	encoding "image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

func TestSendMessage(t *testing.T) {
	s := newStage(t, Options{})
	sent := must[*models.Message](t)(s.api.SendMessage(s.ctx, &telegram.SendMessageParams{ChatID: s.user.ID(),
		Text: " 您好 <b>& t.me/one_door_bot?start=v1 \n", ReplyParameters: &models.ReplyParameters{MessageID: 1},
		ReplyMarkup: models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{
			{{Text: "Confirm", CallbackData: "ok"}, {Text: "网站", URL: "https://example.org"}}}}}))
	seen := s.last()
	if sent.ID != seen.ID || sent.Text != "您好 <b>& t.me/one_door_bot?start=v1" || sent.Text != seen.Text {
		t.Errorf("sent %q, seen %q", sent.Text, seen.Text)
	}
	if !sent.From.IsBot || sent.Chat.ID != 7001 || sent.ReplyToMessage == nil || sent.ReplyToMessage.Text != "/start" {
		t.Errorf("sent %+v", sent)
	}
	if sent.ReplyMarkup == nil || sent.ReplyMarkup.InlineKeyboard[0][1].URL != "https://example.org" {
		t.Errorf("markup %+v", sent.ReplyMarkup)
	}
	if len(sent.Entities) != 1 || sent.Entities[0].Offset != 8 || sent.Entities[0].Length != 26 {
		t.Errorf("entities %+v", sent.Entities)
	}
	if got := strings.Join(seen.Labels(), " "); got != "Confirm 网站" {
		t.Errorf("labels %q", got)
	}
}

func TestSendFiles(t *testing.T) {
	s := newStage(t, Options{})
	upload := func(text string) *models.InputFileUpload {
		return &models.InputFileUpload{Filename: "a.pdf", Data: strings.NewReader(text)}
	}
	photo := must[*models.Message](t)(s.api.SendPhoto(s.ctx, &telegram.SendPhotoParams{ChatID: s.user.ID(), Photo: upload("\x89PNG\r\n\x1a\n"), Caption: "路灯"}))
	voice := must[*models.Message](t)(s.api.SendVoice(s.ctx, &telegram.SendVoiceParams{ChatID: s.user.ID(), Voice: upload("v"), Duration: 3}))
	document := must[*models.Message](t)(s.api.SendDocument(s.ctx, &telegram.SendDocumentParams{ChatID: s.user.ID(), Document: upload("%PDF-1")}))
	if len(photo.Photo) != 2 || photo.Caption != "路灯" || photo.Photo[0].Width >= photo.Photo[1].Width {
		t.Errorf("photo %+v", photo.Photo)
	}
	if voice.Voice == nil || voice.Voice.Duration != 3 || voice.Voice.MimeType != "audio/ogg" {
		t.Errorf("voice %+v", voice.Voice)
	}
	if document.Document == nil || document.Document.FileName != "a.pdf" || document.Document.MimeType != "application/pdf" {
		t.Errorf("document %+v", document.Document)
	}
	again := must[*models.Message](t)(s.api.SendDocument(s.ctx, &telegram.SendDocumentParams{ChatID: s.user.ID(),
		Document: &models.InputFileString{Data: document.Document.FileID}}))
	if *again.Document != *document.Document {
		t.Errorf("sent by id: %+v, not %+v", again.Document, document.Document)
	}
	_, err := s.api.SendPhoto(s.ctx, &telegram.SendPhotoParams{ChatID: s.user.ID(), Photo: &models.InputFileString{Data: voice.Voice.FileID}})
	if err == nil || !strings.Contains(err.Error(), "can't use file of type Voice as Photo") {
		t.Errorf("a voice as a photo: %v", err)
	}
	_, err = s.api.SendPhoto(s.ctx, &telegram.SendPhotoParams{ChatID: s.user.ID(), Photo: upload("no picture")})
	if err == nil || !strings.Contains(err.Error(), "IMAGE_PROCESS_FAILED") {
		t.Errorf("what is no picture as a photo: %v", err)
	}
}

// TestPhotoSizes: a picture is a photo where its sides together and their ratio are within Telegram's limits.
func TestPhotoSizes(t *testing.T) {
	s := newStage(t, Options{})
	for _, c := range []struct {
		width, height int
		taken         bool
	}{{960, 480, true}, {20, 1, true}, {9980, 20, false}, {21, 1, false}, {9000, 1000, true}, {9000, 1001, false}} {
		var content bytes.Buffer
		if err := encoding.Encode(&content, image.NewGray(image.Rect(0, 0, c.width, c.height))); err != nil {
			t.Fatal(err)
		}
		sent, err := s.api.SendPhoto(s.ctx, &telegram.SendPhotoParams{ChatID: s.user.ID(), Caption: "Figures",
			Photo: &models.InputFileUpload{Filename: "a.png", Data: &content}})
		switch {
		case c.taken && (err != nil || sent.Photo[1].Width != c.width || sent.Photo[1].Height != c.height || sent.Caption != "Figures"):
			t.Errorf("%d x %d: %+v, %v", c.width, c.height, sent, err)
		case !c.taken && (err == nil || !strings.Contains(err.Error(), "PHOTO_INVALID_DIMENSIONS")):
			t.Errorf("%d x %d is taken: %v", c.width, c.height, err)
		}
	}
}

func TestSendMediaGroup(t *testing.T) {
	s := newStage(t, Options{})
	s.user.Photo(s.bot, []byte("known"), "")
	album := must[[]*models.Message](t)(s.api.SendMediaGroup(s.ctx, &telegram.SendMediaGroupParams{ChatID: s.user.ID(), Media: []models.InputMedia{
		&models.InputMediaPhoto{Media: s.last().Photo[1].FileID, Caption: "一"},
		&models.InputMediaPhoto{Media: "attach://b.jpg", MediaAttachment: strings.NewReader("\x89PNG\r\n\x1a\n")},
	}}))
	if len(album) != 2 || album[0].MediaGroupID == "" || album[0].MediaGroupID != album[1].MediaGroupID || album[0].Caption != "一" || len(album[1].Photo) == 0 {
		t.Errorf("album %+v", album)
	}
}

func TestSendLocationAndContact(t *testing.T) {
	s := newStage(t, Options{})
	at := must[*models.Message](t)(s.api.SendLocation(s.ctx, &telegram.SendLocationParams{ChatID: s.user.ID(), Latitude: 23.1, Longitude: 113.3}))
	if at.Location == nil || at.Location.Latitude != 23.1 || at.Location.Longitude != 113.3 {
		t.Errorf("location %+v", at.Location)
	}
	who := must[*models.Message](t)(s.api.SendContact(s.ctx, &telegram.SendContactParams{ChatID: s.user.ID(), PhoneNumber: "120", FirstName: "急救"}))
	if who.Contact == nil || who.Contact.PhoneNumber != "120" {
		t.Errorf("contact %+v", who.Contact)
	}
}

func TestCopyAndForward(t *testing.T) {
	s := newStage(t, Options{})
	other := s.sim.User(Profile{FirstName: "李", Language: "en"})
	other.Start(s.bot, "")
	other.Voice(s.bot, []byte("ogg"), 4)
	voice := other.Chat(s.bot)[1]
	copied := must[*models.MessageID](t)(s.api.CopyMessage(s.ctx, &telegram.CopyMessageParams{ChatID: s.user.ID(),
		FromChatID: other.ID(), MessageID: voice.ID, Caption: "A-7"}))
	if got := s.last(); got.ID != copied.ID || got.Voice == nil || got.Voice.FileID != voice.Voice.FileID || got.Caption != "A-7" || !got.FromBot() {
		t.Errorf("copied %+v", got)
	}
	sent := must[*models.Message](t)(s.api.ForwardMessage(s.ctx, &telegram.ForwardMessageParams{ChatID: s.user.ID(), FromChatID: other.ID(), MessageID: voice.ID}))
	if sent.ForwardOrigin == nil || sent.ForwardOrigin.MessageOriginUser == nil || sent.ForwardOrigin.MessageOriginUser.SenderUser.FirstName != "李" {
		t.Errorf("forwarded %+v", sent.ForwardOrigin)
	}
}

func TestGetFile(t *testing.T) {
	s := newStage(t, Options{})
	ogg := bytes.Repeat([]byte("OggS"), 1000)
	s.user.Voice(s.bot, ogg, 5)
	f := must[*models.File](t)(s.api.GetFile(s.ctx, &telegram.GetFileParams{FileID: s.last().Voice.FileID}))
	if f.FileSize != int64(len(ogg)) {
		t.Errorf("size %d", f.FileSize)
	}
	response, err := http.Get(s.api.FileDownloadLink(f))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got := must[[]byte](t)(io.ReadAll(response.Body))
	if !bytes.Equal(got, ogg) {
		t.Errorf("downloaded %d bytes that differ", len(got))
	}
	if a := s.get("/file/bot" + token + "/voice/file_0.oga"); a.Code != 404 {
		t.Errorf("a file that isn't there: %+v", a)
	}
	s.user.Document(s.bot, "big.bin", make([]byte, maxDownload+1), "")
	if a := s.call("getFile", `{"file_id":"`+s.last().Document.FileID+`"}`); a.Description != "Bad Request: file is too big" {
		t.Errorf("a file over 20 MB: %+v", a)
	}
	other := must[*Bot](t)(s.sim.AddBot("9:x", "other"))
	s.user.Voice(other, ogg, 5)
	if a := s.call("getFile", `{"file_id":"`+s.user.Chat(other)[0].Voice.FileID+`"}`); a.Description != "Bad Request: invalid file_id" {
		t.Errorf("another bot's file: %+v", a)
	}
}

func TestChatAction(t *testing.T) {
	s := newStage(t, Options{})
	if !must[bool](t)(s.api.SendChatAction(s.ctx, &telegram.SendChatActionParams{ChatID: s.user.ID(), Action: models.ChatActionTyping})) {
		t.Error("not shown")
	}
	if got := s.bot.chats[7001].action; got != "typing" {
		t.Errorf("the chat shows %q", got)
	}
}
