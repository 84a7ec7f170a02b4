package bot

import (
	"slices"
	"strings"

	"github.com/go-telegram/bot/models"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// isGroup tells whether a chat is a group of people.
func isGroup(c models.Chat) bool {
	return c.Type == models.ChatTypeGroup || c.Type == models.ChatTypeSupergroup
}

// inGroup says in the domain's words what was done in a group. It is false for what concerns nobody: all but words.
func (b *Bot) inGroup(act intake.Update, m *models.Message, edit bool) (intake.Update, bool) {
	act.Language, act.By = m.From.LanguageCode, m.From.ID
	words := wordsOf(m)
	switch {
	case !edit && b.isStation(m.Text):
		act.Act = intake.GroupCommand{Arg: command(m.Text).Arg, Text: m.Text, Forum: m.Chat.IsForum}
	case words != "":
		act.Act = intake.Overheard{Text: words}
	default:
		return act, false
	}
	return act, true
}

// wordsOf are the words of a message in whatever it carries: a caption, a question, a name, what a sticker stands for.
func wordsOf(m *models.Message) string {
	if m.Text != "" {
		return m.Text
	}
	if m.Location != nil {
		return located(m).Name
	}
	sent := attachment(m)
	return strings.TrimSpace(strings.Join([]string{sent.Text, strings.ReplaceAll(sent.FileName, "_", " "), sent.Emoji}, "\n"))
}

// isStation tells whether a text is the command /station, to this bot where it names one.
func (b *Bot) isStation(text string) bool {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	name, to, named := strings.Cut(word, "@")
	known := b.username.Load()
	return strings.EqualFold(name, "/station") && (!named || known == nil || strings.EqualFold(to, *known))
}

// pressInGroup is a pressed button under a message in a group.
func (b *Bot) pressInGroup(act intake.Update, q *models.CallbackQuery) (intake.Update, bool) {
	act.Act, act.By = intake.GroupPressed{Press: intake.ParsePress(q.Data)}, q.From.ID
	return act, true
}

// thrownOut tells whether the bot is in a group no more.
func thrownOut(m models.ChatMember) bool {
	return m.Type == models.ChatMemberTypeBanned || m.Type == models.ChatMemberTypeLeft
}

// queryChat is the chat in which a button was pressed: that of the presser, or a group.
func queryChat(q *models.CallbackQuery) int64 {
	if m := q.Message.Message; m != nil && isGroup(m.Chat) {
		return m.Chat.ID
	}
	if m := q.Message.InaccessibleMessage; m != nil && isGroup(m.Chat) {
		return m.Chat.ID
	}
	return q.From.ID // a private chat has its person's id
}

// forGroup draws what a group is told of a request for as long as its station has it or is offered it.
func forGroup(draw func(*page) (message, error)) func(*page) (message, error) {
	return func(p *page) (message, error) {
		if p.view.ErasedAt != nil {
			return p.erased()
		}
		g, err := p.Intake.GroupOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
		switch {
		case ignoreMissing(err) != nil:
			return message{}, err
		case g != nil && p.view.ShownAt(g.Station):
			return draw(p)
		case p.notice.Edits == nil:
			return message{}, intake.ErrNotFound
		case g != nil && slices.Contains(p.view.OfferedTo, g.Station):
			return message{text: p.view.Ref + " · " + p.state(&p.view)}, nil
		}
		return message{text: p.say("card_gone", texts.Data{"Ref": p.view.Ref})}, nil
	}
}

// groupCard is a request as everybody in its station's group may read it: nothing of the resident's words, no nearer place
// than the township, and of violence and abuse neither that nor where.
func (p *page) groupCard() (message, error) {
	v := &p.view
	lines := []string{p.say("card_head", texts.Data{"Sign": sign(v.Urgency), "Urgency": p.say("urgency_"+string(v.Urgency), nil), "Ref": v.Ref})}
	if !v.Discreet() {
		lines = append(lines, p.say("card_service", texts.Data{"Service": p.service(v.Category)}), p.townshipLine())
	}
	m := message{topic: p.topicName(), over: !v.State.Active()}
	m.text = strings.Join(append(lines, p.cardState(v)), "\n")
	switch {
	case v.State == intake.Open:
		m.buttons = [][]button{{p.button(intake.ActClaim, ""), p.details()}}
	case v.State.Active():
		m.buttons = [][]button{{p.details()}}
	}
	return m, nil
}

// details is the button that shows the whole card to its presser, in their own chat.
func (p *page) details() button {
	return button{p.say("button_details", nil), intake.Press{Action: intake.ActOpen, Ref: p.view.Ref}}
}

func (p *page) townshipLine() string {
	if p.view.Place == nil {
		return p.say("group_no_place", nil)
	}
	gazetteer := p.Intake.Router.Gazetteer()
	return p.say("card_place", texts.Data{"Place": gazetteer.Describe(gazetteer.Up(*p.view.Place, "township"), p.lang)})
}

// topicName is what the request's topic is called.
func (p *page) topicName() string {
	if p.view.Discreet() {
		return p.view.Ref
	}
	return p.view.Ref + " · " + p.service(p.view.Category)
}

// groupAlarm repeats an emergency in the group.
func (p *page) groupAlarm() (message, error) {
	m, err := p.alarm()
	m.topic = p.topicName()
	m.buttons = [][]button{{p.details()}}
	if p.view.State == intake.Open {
		m.buttons = [][]button{{p.button(intake.ActClaim, ""), p.details()}}
	}
	return m, err
}

// groupStatus is a line in a request's topic about what has become of it. Where it has none, the edited card says so.
func (p *page) groupStatus() (message, error) {
	t, err := p.topicOf(p.ctx, p.notice)
	if err != nil {
		return message{}, err
	}
	if t.Thread == 0 {
		return message{}, intake.ErrNotFound
	}
	return message{text: p.view.Ref + " · " + p.state(&p.view), topic: p.topicName(), over: !p.view.State.Active()}, nil
}

// groupAsk asks whether the chat is to be a station's group.
func (p *page) groupAsk() (message, error) {
	station := texts.Data{"Station": p.stationName(p.args.Station)}
	m := message{text: p.say("group_ask", station)}
	if p.args.Menu == "closed" {
		return m, nil
	}
	press := func(action string) button {
		return button{p.say("button_"+action, nil), intake.Press{Action: action, Arg: p.args.Station}}
	}
	m.buttons = [][]button{{press(intake.ActBind)}, {press(intake.ActUnask)}}
	return m, nil
}

// groupText renders a text about a station's group.
func groupText(key string) func(*page) (message, error) {
	return func(p *page) (message, error) {
		return message{text: p.say(key, texts.Data{"Station": p.stationName(p.args.Station), "Bot": p.name()})}, nil
	}
}

// name is the bot's, as far as it is known.
func (p *page) name() string {
	if known := p.username.Load(); known != nil {
		return *known
	}
	return ""
}

// groupPages are the ways to render each kind of notice to a station's group, or about it.
func groupPages() map[string]func(*page) (message, error) {
	return map[string]func(*page) (message, error){
		intake.NoticeGroupCard:   forGroup((*page).groupCard),
		intake.NoticeGroupAlarm:  forGroup((*page).groupAlarm),
		intake.NoticeGroupStatus: forGroup((*page).groupStatus),
		intake.NoticeGroupAsk:    (*page).groupAsk,
		intake.NoticeGroupBound:  groupText("group_bound"),
		intake.NoticeGroupOff:    groupText("group_off"),
		intake.NoticeGroupNot:    groupText("group_not"),
		intake.NoticeGroupTaken:  groupText("group_taken"),
		intake.NoticeGroupLost:   groupText("group_lost"),
		intake.NoticeGroupHow:    groupText("group_how"),
	}
}
