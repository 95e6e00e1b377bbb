// What goes over the line: callbacks to the program, decrypted, and its calls of the API.
'use strict';

{
  const list = document.getElementById('wire');
  const most = 300;
  const exact = new Intl.DateTimeFormat('zh-CN', {
    hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3, hour12: false,
  });

  function pretty(text) {
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text.replace(/(<\/[^>]+>|<xml>)(?=<)/g, '$1\n');
    }
  }

  function part(title, text) {
    return text ? [element('h4', '', title), element('pre', '', pretty(text))] : [];
  }

  function row(e) {
    const incoming = e.way === 'in';
    const details = element('details', `${incoming ? 'in' : 'out'}${e.good ? '' : ' bad'}`);
    const summary = element('summary');
    const arrow = element('span', 'arrow', incoming ? '⟵' : '⟶');
    arrow.title = incoming ? '平台通知程序' : '程序调用平台';
    const what = element('span', 'what', e.what.replace('/cgi-bin/', '').replace(/\?access_token=\*\*\*/, ''));
    what.title = `${exact.format(new Date(e.time))} ${e.what}`;
    summary.append(arrow, what, element('span', 'code', e.result), element('span', 'took', `${e.took.toFixed(0)} 毫秒`));
    details.append(summary);
    details.addEventListener('toggle', () => {
      if (!details.open || details.children.length > 1) return;
      details.append(...part(incoming ? '解密后' : '请求', e.plain), ...part('应答', e.answer),
        ...part('线路上的密文', e.sealed));
    });
    const item = element('li');
    item.append(details);
    return item;
  }

  const source = new EventSource('wire');
  source.addEventListener('wired', (e) => {
    list.prepend(row(JSON.parse(e.data)));
    while (list.children.length > most) list.lastChild.remove();
  });
  document.getElementById('wire-calls').addEventListener('change', (e) => {
    list.classList.toggle('calls-hidden', !e.target.checked);
  });
}
